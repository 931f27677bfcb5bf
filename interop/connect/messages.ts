// Messages on the standard streams of a process, each preceded by its size in four bytes, big endian.
import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";

/** Reads the messages of a stream until it ends. */
export async function* readMessages<Desc extends DescMessage>(
  schema: Desc,
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<MessageShape<Desc>> {
  let unread = Buffer.alloc(0);
  for await (const chunk of stream) {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= 4 && unread.length >= 4 + unread.readUInt32BE()) {
      const end = 4 + unread.readUInt32BE();
      yield fromBinary(schema, unread.subarray(4, end));
      unread = unread.subarray(end);
    }
  }
  if (unread.length > 0) throw new Error(`the stream ended within a message, after ${unread.length} bytes of it`);
}

/** A message with its size, as it is written to a stream. */
export function withSize<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Uint8Array {
  const bytes = toBinary(schema, message);
  const framed = Buffer.alloc(4 + bytes.length);
  framed.writeUInt32BE(bytes.length);
  framed.set(bytes, 4);
  return framed;
}
