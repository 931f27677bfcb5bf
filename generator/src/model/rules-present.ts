import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { findBelow } from "./find-below.js";

/** The number of protovalidate's extension of messages, oneofs and fields. */
const extension = 1159;

/** Whether a message type, or one that it contains, has rules of protovalidate. The runtime decides alike when it starts. */
export const hasRules: (schema: DescMessage) => boolean = findBelow(
  (schema) => isAnnotated(schema) || schema.fields.some(isAnnotated) || schema.oneofs.some(isAnnotated),
);

function isAnnotated({ proto }: DescMessage | DescField | DescOneof): boolean {
  return proto.options?.$unknown?.some(({ no }) => no === extension) ?? false;
}
