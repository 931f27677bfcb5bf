import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { findBelow } from "../../message/index.js";

/** The number of protovalidate's extension of messages, oneofs and fields. */
const extension = 1159;

/**
 * Whether a message type, or one that it contains, has rules of protovalidate. Reads only option numbers, so that apps without
 * rules need not load protovalidate.
 */
export const hasRules: (schema: DescMessage) => boolean = findBelow(
  (schema) => isAnnotated(schema) || schema.fields.some(isAnnotated) || schema.oneofs.some(isAnnotated),
);

function isAnnotated({ proto }: DescMessage | DescField | DescOneof): boolean {
  return proto.options?.$unknown?.some(({ no }) => no === extension) ?? false;
}
