import { base64Encode } from "@bufbuild/protobuf/wire";
import { connectFormsOf, type ErrorReport } from "../status/index.js";

/** An error as Connect writes it. */
export interface ConnectError {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly ConnectDetail[];
}

/** A message that describes an error. */
export interface ConnectDetail {
  /** The full name of the message. */
  readonly type: string;
  /** Base64 without padding. */
  readonly value: string;
  /** The message as ProtoJSON, for people. */
  readonly debug?: unknown;
}

/** Returns an error as Connect writes it. */
export function toConnectError({ code, message, details }: ErrorReport): ConnectError {
  return {
    code: connectFormsOf(code).name,
    ...(message !== "" && { message }),
    ...(details.length > 0 && {
      details: details.map(({ typeName, value, json }) => ({
        type: typeName,
        value: base64Encode(value, "std_raw"),
        ...(json !== undefined && { debug: json }),
      })),
    }),
  };
}
