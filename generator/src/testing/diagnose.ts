import { analyse } from "../pipeline/index.js";
import { formatPretty } from "../diagnostics/index.js";
import { compileProto, type ProtoFiles } from "./compile-proto.js";

/** What a user is told about a contract; nothing if it is right. */
export function diagnose(files: ProtoFiles): string {
  return formatPretty(analyse(compileProto(files)).diagnostics, (path) => files[path]);
}
