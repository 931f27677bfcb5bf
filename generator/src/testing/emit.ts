import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { formatPretty } from "../diagnostics/index.js";
import { generate } from "../pipeline/index.js";
import { cqrs } from "../targets/cqrs/index.js";

/** The message libraries, as the option `messages` names them. */
export const messageLibraries = ["es", "ts-proto"] as const;

export type MessageLibraryName = (typeof messageLibraries)[number];

/** What the target `cqrs` writes for a request: texts by path. Throws if the contract is wrong. */
export function emitCqrs(
  request: CodeGeneratorRequest,
  messages: MessageLibraryName,
): Readonly<Record<string, string>> {
  const options = { messages, import_extension: "js" };
  const { files, diagnostics } = generate(request, [{ target: cqrs, options }], "protoc-gen-potter-cqrs");
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`the contract of a test is wrong:\n${formatPretty(errors)}`);
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
}
