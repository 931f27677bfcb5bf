import { base64Decode } from "@bufbuild/protobuf/wire";
import { PotterError } from "../../../errors/index.js";
import type { FormatName } from "../calls/index.js";
import { checkConnectVersion } from "./connect-headers.js";

/** A query in the query string of a GET request. */
export interface ConnectGet {
  /** undefined: an unknown one. */
  readonly format: FormatName | undefined;
  /** The name of a compression, if there is one. */
  readonly compression: string | undefined;
  /** The message: compressed, if a compression is named. */
  readonly message: Uint8Array;
}

const encoder = new TextEncoder();

/** Reads the parameters of a GET request, in any order. Unknown ones are ignored. Throws a PotterError for invalid ones. */
export function readConnectGet(query: string): ConnectGet {
  const parameters = new URLSearchParams(query);
  const get = (name: string): string | undefined => parameters.get(name) ?? undefined;
  checkConnectVersion(get("connect"), "v1");
  const encoding = get("encoding");
  const message = get("message");
  if (encoding === undefined)
    throw new PotterError("invalid_argument", "the parameter encoding is missing: expected proto or json");
  if (message === undefined) throw new PotterError("invalid_argument", "the parameter message is missing");
  return {
    format: encoding === "proto" || encoding === "json" ? encoding : undefined,
    compression: get("compression"),
    message: get("base64") === "1" ? fromBase64(message) : encoder.encode(message),
  };
}

function fromBase64(text: string): Uint8Array {
  try {
    // A plus sign means a space in a query string.
    return base64Decode(text.replaceAll(" ", "+"));
  } catch {
    throw new PotterError("invalid_argument", "the parameter message is not valid base64");
  }
}
