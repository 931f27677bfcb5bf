import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";

/** The number of protovalidate's extension of messages, oneofs and fields. */
const extension = 1159;

/**
 * Whether a message type, or one that it contains, has rules of protovalidate. Reads only option numbers, so that apps without
 * rules need not load protovalidate.
 */
export function hasRules(schema: DescMessage, seen: Set<DescMessage> = new Set()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (isAnnotated(schema) || schema.fields.some(isAnnotated) || schema.oneofs.some(isAnnotated)) return true;
  return schema.fields.some((field) => field.message !== undefined && hasRules(field.message, seen));
}

function isAnnotated({ proto }: DescMessage | DescField | DescOneof): boolean {
  return proto.options?.$unknown?.some(({ no }) => no === extension) ?? false;
}
