import type { DescFile, DescMessage } from "@bufbuild/protobuf";

/** All messages of a file, in the order of the source, each before those nested in it. */
export function messagesOf(parent: DescFile | DescMessage): DescMessage[] {
  const messages = parent.kind === "file" ? parent.messages : parent.nestedMessages;
  return messages.flatMap((message) => [message, ...messagesOf(message)]);
}
