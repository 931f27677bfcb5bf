import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { compileProto, narrowTo } from "../../../../generator/src/testing/index.js";
import { type Contract, readContract } from "../contract/index.js";
import { baseContract, baseDesk } from "./base.fixture.js";
import { callerChanges } from "./caller-changes.fixture.js";
import type { ContractChange } from "./change.fixture.js";
import { clientChanges } from "./client-changes.fixture.js";
import { eventChanges } from "./event-changes.fixture.js";
import { processChanges } from "./process-changes.fixture.js";

/** Every change of the table. */
export const changes: readonly ContractChange[] = [
  ...eventChanges,
  ...callerChanges,
  ...clientChanges,
  ...processChanges,
];

/**
 * The changes for which a service is run: with `POTTER_FULL=true` all of a list, otherwise the first two of each kind.
 */
export function changesToRun(
  list: readonly ContractChange[],
  kindOf: (change: ContractChange) => string,
): readonly ContractChange[] {
  if (process.env["POTTER_FULL"] === "true") return list;
  const kinds = new Map<string, number>();
  return list.filter((one) => {
    const count = (kinds.get(kindOf(one)) ?? 0) + 1;
    kinds.set(kindOf(one), count);
    return count <= 2;
  });
}

/** The proto file of a change, by its number: that of the services that tests run. */
export const fileOf = (at: number): string => `c${at}/contract.proto`;

/** Whether a proto file is one of a change. */
export const isFileOf = (at: number, file: string | undefined): boolean => file?.startsWith(`c${at}/`) === true;

const filesOf = (at: number): readonly [contract: string, desk: string] => [fileOf(at), `c${at}/desk.proto`];

/** The texts of the files of a change. */
function textsOf({ name, edits }: Pick<ContractChange, "name" | "edits">, at: number): readonly string[] {
  const texts = edits.reduce<readonly string[]>(
    (before, [from, to]) => {
      if (!before.some((text) => text.includes(from)))
        throw new Error(`${name}: the base has no ${JSON.stringify(from)}`);
      return before.map((text) => text.replaceAll(from, to));
    },
    [baseContract, baseDesk],
  );
  return texts.map((text) => text.replaceAll("PKG", `c${at}`));
}

function compileAll(edit: (change: ContractChange, at: number) => readonly string[]): CodeGeneratorRequest {
  const files = changes.flatMap((change, at) => {
    const texts = edit(change, at);
    return filesOf(at).map((path, index) => [path, texts[index] ?? ""]);
  });
  return compileProto(Object.fromEntries(files));
}

/** The base of every change, compiled together. Each has a package of its own. */
export const before = compileAll(({ name }, at) => textsOf({ name, edits: [] }, at));
/** Every change, compiled together. */
export const after = compileAll(textsOf);

/** Reads the contract of one change. */
export function read(request: CodeGeneratorRequest, at: number): { contract: Contract; request: CodeGeneratorRequest } {
  const narrowed = narrowTo(request, filesOf(at));
  const { contract, errors } = readContract(narrowed);
  if (errors.length > 0) throw new Error(`${changes[at]?.name}: ${errors.map(({ message }) => message).join("; ")}`);
  return { contract, request: narrowed };
}
