import type { DescMessage } from "@bufbuild/protobuf";
import { file_potter_v1_options } from "../gen/potter/v1/options_pb.js";

/** The names of the fields of a message of options, such as `potter.v1.SagaOptions`. undefined: it is none of Potter. */
export function listOptionFields(typeName: string): readonly string[] | undefined {
  const all = file_potter_v1_options.messages.flatMap((message): DescMessage[] => [message, ...message.nestedMessages]);
  return all.find((message) => message.typeName === typeName)?.fields.map(({ name }) => name);
}
