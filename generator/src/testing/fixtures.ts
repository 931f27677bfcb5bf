import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { compileProto, type ProtoFiles, root } from "./compile-proto.js";
import { narrowTo } from "./narrow-to.js";

/** Returns the scenarios: the folders below `fixtures/`. */
export const scenarios: readonly string[] = readdirSync(join(root, "fixtures"), { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .sort();

const protos: ReadonlyMap<string, ProtoFiles> = new Map(
  scenarios.map((scenario) => [scenario, readTree(join(root, "fixtures", scenario, "proto"))]),
);

let all: CodeGeneratorRequest | undefined;

/** Compiles the protos of all scenarios in one run; their paths and packages are distinct. */
export function requestAll(): CodeGeneratorRequest {
  all ??= compileProto(Object.assign({}, ...protos.values()));
  return all;
}

/** Returns the request for the protos of one scenario. */
export function requestScenario(scenario: string): CodeGeneratorRequest {
  return narrowTo(requestAll(), Object.keys(protos.get(scenario) ?? {}));
}

/** Returns the texts of all files below a folder, by relative path; empty if the folder does not exist. */
export function readTree(folder: string): Readonly<Record<string, string>> {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  const paths = entries.map((path) => path.replaceAll("\\", "/")).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
