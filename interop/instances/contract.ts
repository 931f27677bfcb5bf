import { create, createFileRegistry, type DescMessage, isFieldSet } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MessageOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import {
  compileProto,
  narrowTo,
  readTree,
  requestScenario,
  root,
  scenarios,
} from "../../generator/src/testing/index.js";

/** Protos whose messages are tested. */
export interface Contract {
  readonly name: string;
  readonly request: CodeGeneratorRequest;
  readonly messages: readonly DescMessage[];
}

/** The path and the service of the file that uses every message of a contract. */
export const askingFile = "probed/v1/probed.proto";
export const askingService = "probed.v1.Probed";

/** The contract in `proto/`: every kind of field and rule. */
export function truthContract(): Contract {
  return toContract("truth", compileProto(readTree(`${root}/interop/instances/proto`)));
}

/** The fixtures that declare messages, and the example. */
export function otherContracts(): readonly Contract[] {
  const fixtures = scenarios.map((scenario) => toContract(scenario, requestScenario(scenario)));
  const shop = toContract("shop", compileProto(readTree(`${root}/examples/shop/proto`)));
  return [...fixtures, shop].filter(({ messages }) => messages.length > 0);
}

/** A contract of which only some files are tested. */
export function toContract(name: string, request: CodeGeneratorRequest): Contract {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const messages = request.fileToGenerate.flatMap((path) => [
    ...nested(registry.getFile(withoutEnding(path))?.messages ?? registry.getFile(path)?.messages ?? []),
  ]);
  return { name, request: narrowTo(request, request.fileToGenerate), messages };
}

function withoutEnding(path: string): string {
  return path.replace(/\.proto$/, "");
}

function* nested(messages: readonly DescMessage[]): Generator<DescMessage> {
  for (const message of messages) {
    const { options } = message.proto;
    if (options !== undefined && isFieldSet(options, MessageOptionsSchema.field.mapEntry)) continue;
    yield message;
    yield* nested(message.nestedMessages);
  }
}

/** A request that generates only a service which takes and returns each message of a contract. */
export function askForAll({ request, messages }: Contract): CodeGeneratorRequest {
  const asking = create(FileDescriptorProtoSchema, {
    name: askingFile,
    package: "probed.v1",
    syntax: "proto3",
    dependency: [...request.fileToGenerate],
    service: [
      {
        name: "Probed",
        method: messages.map(({ typeName }, index) => ({
          name: methodOf(index),
          inputType: `.${typeName}`,
          outputType: `.${typeName}`,
        })),
      },
    ],
  });
  const protoFile = [...request.protoFile, asking];
  return create(CodeGeneratorRequestSchema, { fileToGenerate: [askingFile], protoFile });
}

/** The method that receives and returns a message, by the message's index in the contract. */
export function methodOf(index: number): string {
  return `Ask${index}`;
}
