import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { compileProto, narrowTo } from "../../../../generator/src/testing/index.js";
import { type Contract, readContract } from "../contract/index.js";
import { baseContract } from "./base.fixture.js";
import { callerChanges } from "./caller-changes.fixture.js";
import type { ContractChange } from "./change.fixture.js";
import { eventChanges } from "./event-changes.fixture.js";
import { processChanges } from "./process-changes.fixture.js";

/** Every change of the table. */
export const changes: readonly ContractChange[] = [...eventChanges, ...callerChanges, ...processChanges];

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

/** The proto file of a change, by its number. */
export const fileOf = (at: number): string => `c${at}/contract.proto`;

function textOf({ name, edits }: Pick<ContractChange, "name" | "edits">, at: number): string {
  const text = edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`${name}: the base has no ${JSON.stringify(from)}`);
    return before.replaceAll(from, to);
  }, baseContract);
  return text.replaceAll("PKG", `c${at}`);
}

function compileAll(edit: (change: ContractChange, at: number) => string): CodeGeneratorRequest {
  return compileProto(Object.fromEntries(changes.map((change, at) => [fileOf(at), edit(change, at)])));
}

/** The base of every change, compiled together. Each has a package of its own. */
export const before = compileAll(({ name }, at) => textOf({ name, edits: [] }, at));
/** Every change, compiled together. */
export const after = compileAll(textOf);

/** Reads the contract of one change. */
export function read(request: CodeGeneratorRequest, at: number): { contract: Contract; request: CodeGeneratorRequest } {
  const narrowed = narrowTo(request, [fileOf(at)]);
  const { contract, errors } = readContract(narrowed);
  if (errors.length > 0) throw new Error(`${changes[at]?.name}: ${errors.map(({ message }) => message).join("; ")}`);
  return { contract, request: narrowed };
}
