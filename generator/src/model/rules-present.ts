import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";

/** The number of protovalidate's extension of messages, oneofs and fields. */
const extension = 1159;

/** Answers for messages that were asked before: the methods of an API share most of the messages that they contain. */
const known: WeakMap<DescMessage, boolean> = new WeakMap();

/** Whether a message type, or one that it contains, has rules of protovalidate. The runtime decides alike when it starts. */
export function hasRules(schema: DescMessage): boolean {
  const seen = new Set<DescMessage>();
  const found = hasRulesBelow(schema, seen);
  known.set(schema, found);
  if (!found) for (const one of seen) known.set(one, false);
  return found;
}

function hasRulesBelow(schema: DescMessage, seen: Set<DescMessage>): boolean {
  const answer = known.get(schema);
  if (answer !== undefined || seen.has(schema)) return answer ?? false;
  seen.add(schema);
  if (isAnnotated(schema) || schema.fields.some(isAnnotated) || schema.oneofs.some(isAnnotated)) return true;
  return schema.fields.some(({ message }) => message !== undefined && hasRulesBelow(message, seen));
}

function isAnnotated({ proto }: DescMessage | DescField | DescOneof): boolean {
  return proto.options?.$unknown?.some(({ no }) => no === extension) ?? false;
}
