import type { JsonValue } from "@bufbuild/protobuf";
import { PotterError } from "../../../errors/index.js";
import { readJsonText } from "../../../http/index.js";
import type { AnyCodec } from "../../../message/index.js";

/** How the messages of a method are written: in the binary format or as ProtoJSON. */
export interface MessageFormat {
  /** Reads a request. Throws a PotterError `invalid_argument` for invalid bytes. */
  decode(bytes: Uint8Array): unknown;
  /** Writes a response. */
  encode(message: unknown): Uint8Array;
}

/** The names of the formats, as content types have them. */
export type FormatName = "proto" | "json";

/** Creates the binary format of a method. */
export function createProtoFormat(request: AnyCodec, response: AnyCodec): MessageFormat {
  return {
    decode(bytes) {
      try {
        return request.decode(bytes);
      } catch (cause) {
        const message = `the request is not a valid ${request.typeName} in the binary format of protobuf`;
        throw new PotterError("invalid_argument", message, { cause });
      }
    },
    encode: (message) => response.encode(message),
  };
}

/** Creates the JSON format of a method. `maxDepth`: the deepest nesting. */
export function createJsonFormat(request: AnyCodec, response: AnyCodec, maxDepth: number): MessageFormat {
  return {
    decode(bytes) {
      const json = readJsonText(decodeText(bytes), maxDepth, "the message");
      if (json === undefined) throw new PotterError("invalid_argument", "the message is empty: expected a JSON object");
      return request.fromJson(json as JsonValue);
    },
    encode: (message) => encoder.encode(response.toJsonText(message)),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new PotterError("invalid_argument", "the message is not valid UTF-8");
  }
}
