import { base64Encode } from "@bufbuild/protobuf/wire";
import { toGrpcNumber } from "../../../http/index.js";
import type { FormatName } from "../calls/index.js";
import { type ErrorReport, writeStatus } from "../status/index.js";
import { encodeGrpcMessage } from "./percent-encoding.js";

/** The trailers of a call that has succeeded. */
export const okFields: Readonly<Record<string, string>> = Object.freeze({ "grpc-status": "0" });

const encoder = new TextEncoder();

/** The largest `grpc-status-details-bin` or `potter-status-details-bin`, in characters: many clients accept 8 KiB of headers, all of them together. */
const largestDetails = 4096;
/** The longest `grpc-message`, in characters. */
const longestMessage = 2048;

/**
 * Returns the trailers that report an error. Details that are too large for headers are left out. Clients that send JSON cannot read
 * the details that gRPC has, which are binary: they also receive them as ProtoJSON.
 */
export function toStatusFields(
  { code, message, details }: ErrorReport,
  format: FormatName = "proto",
): Record<string, string> {
  const number = toGrpcNumber(code);
  const fields: Record<string, string> = { "grpc-status": String(number) };
  if (message !== "") fields["grpc-message"] = cut(encodeGrpcMessage(message));
  if (details.length > 0) {
    const bytes = base64Encode(writeStatus(number, message, details), "std_raw");
    if (bytes.length <= largestDetails) fields["grpc-status-details-bin"] = bytes;
    if (format === "json") {
      const text = JSON.stringify(details.map(({ typeName, json }) => ({ type: typeName, json })));
      const encoded = base64Encode(encoder.encode(text), "std_raw");
      if (encoded.length <= largestDetails) fields["potter-status-details-bin"] = encoded;
    }
  }
  return fields;
}

/** Shortens an encoded message, not within an escape. */
function cut(encoded: string): string {
  return encoded.length <= longestMessage ? encoded : encoded.slice(0, longestMessage).replace(/%.?$/, "");
}
