import { base64Decode } from "@bufbuild/protobuf/wire";
import { PotterError } from "../../../errors/index.js";

/** Decodes a body in base64, in which padding can be anywhere. Throws a PotterError `invalid_argument` for other bytes. */
export function decodeBase64Body(bytes: Uint8Array): Uint8Array {
  return decode(ascii.decode(bytes));
}

/** Decodes the chunks of a body in base64, however they are cut. */
export async function* decodeBase64Chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + ascii.decode(chunk).replace(/[\t\n\r ]+/g, "");
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    if (whole > 0) yield decode(text.slice(0, whole));
  }
  if (rest !== "") yield decode(rest);
}

const ascii = new TextDecoder("latin1");

function decode(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch {
    throw new PotterError("invalid_argument", "the request is not valid base64, which its content type names");
  }
}
