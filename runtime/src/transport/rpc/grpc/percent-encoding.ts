const encoder = new TextEncoder();

/** Whether a text needs no encoding: printable ASCII without the percent sign. */
const plain = /^[\x20-\x24\x26-\x7e]*$/;

/** Encodes the text of a `grpc-message`: UTF-8, whose bytes other than printable ASCII are percent-encoded. */
export function encodeGrpcMessage(text: string): string {
  if (plain.test(text)) return text;
  let encoded = "";
  for (const byte of encoder.encode(text)) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
