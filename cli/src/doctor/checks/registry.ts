import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runBuf } from "../../buf/index.js";
import { type Check, error, messageOf, ok, warning } from "../findings/index.js";

/** Dependencies of a schema registry: locked, and usable without network. */
export const registry: Check = {
  name: "registry",
  step: "compiling without network",
  run: async (folder) => {
    const wanted = readNames(join(folder, "buf.yaml"));
    const locked = readNames(join(folder, "buf.lock"));
    if (wanted.length === 0 && locked.length === 0) return [ok("the contract needs nothing of a schema registry")];
    const missing = wanted.filter((name) => !locked.includes(name));
    if (missing.length > 0) {
      return [
        error(
          `buf.lock lacks dependencies of buf.yaml: ${missing.join(", ")}`,
          "npx buf dep update, and commit buf.lock",
        ),
      ];
    }
    // Nothing listens at this port, so only what is in the cache can be used.
    const proxy = "http://127.0.0.1:9";
    const env = {
      HTTPS_PROXY: proxy,
      HTTP_PROXY: proxy,
      https_proxy: proxy,
      http_proxy: proxy,
      NO_PROXY: "",
      no_proxy: "",
    };
    const { status, stderr } = await runBuf(["build", "--error-format", "json", "-o", "-#format=binpb"], folder, env);
    // Errors of the contract have a place; they are reported by another check.
    if (status === 0 || stderr.trimStart().startsWith("{"))
      return [ok(`${locked.length} dependencies are in the cache of buf`)];
    return [
      warning(
        `dependencies are not in the cache of buf, so it needs network: ${locked.join(", ")} (${stderr.trim()})`,
        "npx buf build with network fills the cache; keep ~/.cache/buf between runs of CI. google/api and buf/validate are also in @potter/generator",
      ),
    ];
  },
};

/** The names of dependencies: texts in `deps` of a buf.yaml, or `name` or the parts of it in those of a buf.lock. */
function readNames(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  let deps: unknown;
  try {
    deps = (parse(readFileSync(path, "utf8")) as { readonly deps?: unknown } | null)?.deps;
  } catch (thrown) {
    throw new Error(`${path} cannot be read: ${messageOf(thrown)}`);
  }
  return (Array.isArray(deps) ? deps : []).flatMap((one: unknown) => {
    if (typeof one === "string") return [one.replace(/:[^/]*$/, "")];
    const { name, remote, owner, repository } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name === "string") return [name];
    return typeof remote === "string" ? [`${remote}/${owner}/${repository}`] : [];
  });
}
