import { statSync } from "node:fs";
import { resolve } from "node:path";
import { suggest } from "@potter/generator/tooling";
import { runBuf } from "../../buf/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { readYaml } from "./read-yaml.js";

/** The workspace of buf: `buf.yaml` can be read, buf knows its keys, and its modules exist. */
export const bufYaml: Check = {
  name: "buf.yaml",
  step: "reading buf.yaml",
  run: async (folder) => {
    const file = readYaml(folder, "buf.yaml");
    if (file === undefined) {
      return [warning("there is no buf.yaml: buf takes the folder for one module", "npx potter init adds one")];
    }
    if ("problem" in file) return [error(file.problem, "mend that line, or make it a file that you may read")];
    const { value } = file;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [error("buf.yaml:1:1: expected a mapping with a version", "write version: v2 and modules")];
    }
    const findings = checkFields(value as Fields, folder);
    if (findings.some(({ status }) => status === "error")) return findings;
    const refused = await askBuf(folder);
    return refused.length > 0 ? refused : findings;
  },
};

type Fields = Readonly<Record<string, unknown>>;

function checkFields({ version, modules }: Fields, folder: string): readonly Finding[] {
  if (version === "v1" || version === "v1beta1") {
    return [warning(`buf.yaml has version ${version}`, "npx buf config migrate writes version v2")];
  }
  if (version !== "v2") {
    return [
      error(`buf.yaml: expected version: v2, found ${JSON.stringify(version) ?? "no version"}`, "write version: v2"),
    ];
  }
  const paths = (Array.isArray(modules) ? modules : []).map((one) => (one as { path?: unknown } | null)?.path ?? ".");
  const missing = paths.filter(
    (path) => typeof path !== "string" || !statSync(resolve(folder, path), { throwIfNoEntry: false })?.isDirectory(),
  );
  if (missing.length === 0) return [ok(`buf.yaml has ${paths.length || 1} ${paths.length > 1 ? "modules" : "module"}`)];
  return missing.map((path) =>
    error(
      `buf.yaml: the module ${typeof path === "string" ? path : JSON.stringify(path)} is no folder`,
      String(path).includes("node_modules") ? "npm install" : "create the folder, or remove the module",
    ),
  );
}

/** The keys of buf.yaml, for suggestions only: which keys are valid depends on the release of buf. */
const keys = [
  "version",
  "name",
  "modules",
  "deps",
  "lint",
  "breaking",
  "plugins",
  "policies",
  "path",
  "includes",
  "excludes",
];

/** What buf refuses in its file, such as a key that it does not know. Nothing if it cannot be started: another check says that. */
async function askBuf(folder: string): Promise<readonly Finding[]> {
  const { status, stderr } = await runBuf(["config", "ls-modules"], folder).catch(() => ({ status: 0, stderr: "" }));
  const text = stderr.trim().replace(/^Failure: /, "");
  // A buf that is too old does not have the command; the check of buf reports its release.
  if (status === 0 || !isAboutBufYaml(text)) return [];
  const lines = [...text.matchAll(/line (\d+): (.+)/g)];
  if (lines.length === 0) return [error(text, "mend buf.yaml: https://buf.build/docs/configuration/v2/buf-yaml")];
  return lines.map(([, line, message = ""]) => {
    const [, key] = /^field (\S+) not found/.exec(message) ?? [];
    const near = key === undefined ? "" : suggest(key, keys);
    const remedy =
      near === "" ? "remove it: https://buf.build/docs/configuration/v2/buf-yaml has all keys" : `write ${near}`;
    return error(`buf.yaml:${line}: ${key === undefined ? message : `buf knows no key ${key} here`}`, remedy);
  });
}

/** Whether a message of buf says that its own file cannot be used. */
export function isAboutBufYaml(message: string): boolean {
  return /\bdecode \S*buf\.yaml\b|\binvalid "?buf\.yaml\b/.test(message);
}
