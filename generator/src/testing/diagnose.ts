import { formatPretty } from "../diagnostics/index.js";
import { analyse } from "../pipeline/index.js";
import { compileProto, type ProtoFiles } from "./compile-proto.js";
import { contract } from "./contract.js";

/** What a user is told about a contract; nothing if it is right. */
export function diagnose(files: ProtoFiles): string {
  return formatPretty(analyse(compileProto(files)).diagnostics, (path) => files[path]);
}

/** The lines that a user is told about some declarations, which begin in line 5 of `shop.proto`. */
export function diagnoseContract(...declarations: readonly string[]): readonly string[] {
  const told = diagnose({ "shop.proto": contract(declarations.join("")) });
  return told === "" ? [] : told.split("\n");
}
