import { type DescMessage, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorsPath, pruneDescriptors, runtime } from "../../messages/index.js";
import type { FileModel } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import { printHeader, SourceFile } from "../../printer/index.js";
import type { CqrsOptions } from "./options.js";

/**
 * Emits the descriptors that the codecs of a file need, for message libraries without descriptors at run time. Returns undefined
 * if the file has no codec.
 */
export function emitDescriptors(model: FileModel, options: CqrsOptions, generator: string): GeneratedFile | undefined {
  const messages = messagesOf(model);
  if (messages.size === 0) return undefined;
  const file = new SourceFile(descriptorsPath(model.desc.name), ["descriptorOf"], options.import_extension);
  const set = pruneDescriptors(messages);
  const lines = base64Encode(toBinary(FileDescriptorSetSchema, set), "std_raw").match(/.{1,110}/g) ?? [];
  file.print(
    "/** The descriptors of the messages of this contract, by full name. The runtime validates requests and converts JSON with them. */",
  );
  file.print("export const descriptorOf: ", runtime.Descriptors, " = ", runtime.descriptors, "(");
  for (const [at, line] of lines.entries()) {
    file.print(`${at === 0 ? "  " : "    "}"${line}"${at === lines.length - 1 ? "," : " +"}`);
  }
  file.print(");");
  return {
    name: `${file.path}.ts`,
    content: file.toString(printHeader(model, generator)),
    source: model.desc.proto.name,
  };
}

function messagesOf(model: FileModel): Set<DescMessage> {
  // The target `saga` imports those of sagas from here.
  const declared = [...model.events, ...model.errors, ...model.readModels, ...model.sagas].map(({ desc }) => desc);
  const referenced = [
    ...model.readModels.flatMap(({ from }) => from),
    ...model.aggregates.flatMap(({ events, superseded, errors }) => [...events, ...superseded, ...errors]),
    ...model.services
      .flatMap(({ methods }) => methods)
      .flatMap(({ role }) => (role.kind === "command" ? role.errors : [])),
  ].map(({ desc }) => desc);
  const called = model.services.flatMap(({ methods }) => methods.flatMap(({ desc }) => [desc.input, desc.output]));
  return new Set([...declared, ...referenced, ...called]);
}
