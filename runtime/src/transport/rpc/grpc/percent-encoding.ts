const encoder = new TextEncoder();
const decoder = new TextDecoder();

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

/** Decodes a `grpc-message`. Never fails: what is not a valid escape is kept, and invalid UTF-8 replaced. */
export function decodeGrpcMessage(encoded: string): string {
  if (!encoded.includes("%")) return encoded;
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at++) {
    const digits = /^%([\da-f]{2})/i.exec(encoded.slice(at, at + 3))?.[1];
    if (digits === undefined) {
      const character = String.fromCodePoint(encoded.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(character));
      at += character.length - 1;
    } else {
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    }
  }
  return decoder.decode(Uint8Array.from(bytes));
}
