import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { type Check, error, type Finding, messageOf, ok, warning } from "../findings/index.js";

/** The workspace of buf: `buf.yaml` can be read, and its modules exist. */
export const bufYaml: Check = {
  name: "buf.yaml",
  step: "reading buf.yaml",
  run: (folder) => {
    const path = join(folder, "buf.yaml");
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      return [warning("there is no buf.yaml: buf takes the folder for one module", "npx potter init adds one")];
    }
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (thrown) {
      return [error(`buf.yaml cannot be read: ${messageOf(thrown)}`, "make it a file that you may read")];
    }
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const { line, col } = lines.linePos(problem.pos[0]);
      return [error(`buf.yaml:${line}:${col}: invalid YAML: ${problem.message}`, "mend that line")];
    }
    return checkFields(document.toJS(), folder);
  },
};

function checkFields(value: unknown, folder: string): readonly Finding[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [error("buf.yaml:1:1: expected a mapping with a version", "write version: v2 and modules")];
  }
  const { version, modules } = value as Readonly<Record<string, unknown>>;
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
