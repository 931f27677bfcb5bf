import { parse } from "yaml";
import { printBufYaml } from "../create/index.js";
import { appendToList, appendToRoot } from "./insert-yaml.js";
import type { Edited } from "./plan.js";

const path = "buf.yaml";
const annotations = "node_modules/@potter/generator/proto";

interface Workspace {
  readonly version?: unknown;
  readonly modules?: readonly { readonly path?: unknown }[];
  readonly deps?: readonly unknown[];
}

/** A buf.yaml with the module of the annotations, and the folders of the modules that it had. */
export interface EditedWorkspace extends Edited {
  /** undefined if the modules are not known. */
  readonly inputs: readonly string[] | undefined;
}

/** Adds the module of the annotations to a buf.yaml; undefined: there is none. */
export function editWorkspace(text: string | undefined): EditedWorkspace {
  if (text === undefined) return { text: printBufYaml(), snippets: [], inputs: ["proto"] };
  const { version, modules, deps = [] } = (parse(text) ?? {}) as Workspace;
  const paths = modules?.map((module) => String(module.path ?? "."));
  const inputs = paths?.filter((folder) => !folder.startsWith("node_modules/"));
  const entry = printModule(deps.map(String));
  const leave = (reason: string, snippet = `modules:\n  ${entry.replaceAll("\n", "\n  ")}`): EditedWorkspace => ({
    text,
    snippets: [{ path, reason, text: snippet }],
    inputs,
  });
  if (version !== "v2")
    return leave("its version is not v2: convert it, then run potter init again", "npx buf config migrate");
  if (hasAnnotations(paths, deps.map(String))) return { text, snippets: [], inputs };
  if (paths === undefined) {
    return leave(
      "it names no modules: move your proto files into a folder, such as proto, and name both",
      printBufYaml(),
    );
  }
  if (paths.includes(".")) {
    return leave(
      'its module "." contains node_modules: move your proto files into a folder of their own, then add a module',
    );
  }
  const next = appendToList(text, "modules", entry);
  return next === undefined
    ? leave("its list of modules cannot be extended: add an entry")
    : { text: next, snippets: [], inputs };
}

/** Whether the annotations are there: as a folder, or as a module of a registry. */
function hasAnnotations(paths: readonly string[] | undefined, deps: readonly string[]): boolean {
  return (
    paths?.some((folder) => folder.replace(/^\.\//, "").replace(/\/$/, "") === annotations) === true ||
    deps.some((dep) => /\/potter(?:$|[:/])/.test(dep))
  );
}

/** The package has the protos of google/api and buf/validate too. Those that a registry brings must not be there twice. */
function printModule(deps: readonly string[]): string {
  const excludes = [
    ...(deps.some((dep) => /\/googleapis(?:$|:)/.test(dep)) ? ["google"] : []),
    ...(deps.some((dep) => /\/protovalidate(?:$|:)/.test(dep)) ? ["buf"] : []),
  ];
  const lines = excludes.map((folder) => `\n    - ${annotations}/${folder}`);
  return `- path: ${annotations}${excludes.length > 0 ? `\n  excludes:${lines.join("")}` : ""}`;
}

/** Limits a template without inputs to the modules that the project had, since buf would generate those of the annotations too. */
export function addInputs(text: string, inputs: readonly string[]): string | undefined {
  return appendToRoot(text, ["inputs:", ...inputs.map((folder) => `  - directory: ${folder}`)].join("\n"));
}
