import { runBuf } from "../../buf/index.js";
import { countOf } from "../../count-of.js";
import { type Check, error, ok, warning } from "../findings/index.js";
import { isAboutBufYaml } from "./buf-yaml.js";
import { readYaml } from "./read-yaml.js";

/** Dependencies of a schema registry: locked, and usable without network. */
export const registry: Check = {
  name: "registry",
  step: "compiling without network",
  run: async (folder) => {
    const [config, lock] = [readYaml(folder, "buf.yaml"), readYaml(folder, "buf.lock")];
    if (config !== undefined && "problem" in config) {
      return [warning("not checked: buf.yaml cannot be used", "mend buf.yaml first")];
    }
    if (lock !== undefined && "problem" in lock) {
      return [error(lock.problem, "delete buf.lock, and write it again: npx buf dep update")];
    }
    const wanted = readNames(config?.value);
    const locked = readNames(lock?.value);
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
      return [ok(`${countOf(locked.length, "dependency")} of the registry: in the cache of buf`)];
    if (isAboutBufYaml(stderr)) return [warning("not checked: buf.yaml cannot be used", "mend buf.yaml first")];
    return [
      warning(
        `dependencies are not in the cache of buf, so it needs network: ${locked.join(", ")} (${stderr.trim()})`,
        "npx buf build with network fills the cache; keep ~/.cache/buf between runs of CI. google/api and buf/validate are also in @potter/generator",
      ),
    ];
  },
};

/** The names of dependencies: texts in `deps` of a buf.yaml, or `name` or the parts of it in those of a buf.lock. */
function readNames(file: unknown): readonly string[] {
  const deps = (file as { readonly deps?: unknown } | null | undefined)?.deps;
  return (Array.isArray(deps) ? deps : []).flatMap((one: unknown) => {
    if (typeof one === "string") return [one.replace(/:[^/]*$/, "")];
    const { name, remote, owner, repository } = (one ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name === "string") return [name];
    return typeof remote === "string" ? [`${remote}/${owner}/${repository}`] : [];
  });
}
