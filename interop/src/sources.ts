import { join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { compileProto, readTree, requestScenario, root, scenarios } from "../../generator/dist/testing/index.js";

/** A contract and its source; compiled on first use. */
export type Source = readonly [name: string, request: () => CodeGeneratorRequest];

/** The contracts of the repository: the example and the fixtures. */
export const contracts: readonly Source[] = [
  ["shop", () => compileProto(readTree(join(root, "examples/shop/proto")))],
  ...scenarios.map((scenario): Source => [scenario, () => requestScenario(scenario)]),
  // Some tools fall over a property of that name, and would see nothing of the other hostile names.
  ["hostile-names but hasOwnProperty", () => compileProto(readHostileNames())],
];

function readHostileNames(): Readonly<Record<string, string>> {
  const files = Object.entries(readTree(join(root, "fixtures/hostile-names/proto")));
  return Object.fromEntries(files.map(([path, text]) => [path, text.replaceAll("hasOwnProperty", "hasOwn")]));
}
