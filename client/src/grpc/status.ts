import { constants, type IncomingHttpHeaders } from "node:http2";
import { type Code, codes, PotterClientError, type PotterClientErrorOptions } from "../errors/index.js";
import { createFailure, type OutgoingCall } from "../transport/index.js";
import { readStatusDetails } from "./status-details.js";

/** What a status of HTTP means if there is none of gRPC. */
const httpStatuses: Readonly<Record<number, Code>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** What the reset of a stream means. */
const resets: Readonly<Record<number, Code>> = {
  [constants.NGHTTP2_REFUSED_STREAM]: "unavailable",
  [constants.NGHTTP2_CANCEL]: "cancelled",
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: "resource_exhausted",
  [constants.NGHTTP2_INADEQUATE_SECURITY]: "permission_denied",
};

/** The error that trailers report. Undefined: the call has succeeded. `answer`: what the error says about the answer. */
export function toStatusError(
  call: OutgoingCall,
  trailers: IncomingHttpHeaders,
  answer: Pick<PotterClientErrorOptions, "headers" | "trailers">,
): PotterClientError | undefined {
  const status = trailers["grpc-status"];
  if (status === "0") return undefined;
  const code = codes[Number(status) - 1] ?? "unknown";
  return createFailure(call.method, code, decodeMessage(String(trailers["grpc-message"] ?? "")), {
    details: readStatusDetails(
      trailers["grpc-status-details-bin"]?.toString(),
      trailers["potter-status-details-bin"]?.toString(),
    ),
    ...readPushback(trailers["grpc-retry-pushback-ms"]?.toString()),
    ...answer,
  });
}

/** The error of an answer that is not one of gRPC. Undefined: it is. */
export function toResponseError(call: OutgoingCall, headers: IncomingHttpHeaders): PotterClientError | undefined {
  const status = Number(headers[":status"]);
  const type = headers["content-type"] ?? "";
  if (headers["grpc-status"] !== undefined) return undefined;
  if (status === 200 && /^application\/grpc(?:\+|;|$)/.test(type)) return undefined;
  const code = status === 200 ? "unknown" : (httpStatuses[status] ?? "unknown");
  const message = `${call.method.name}: the server answered with status ${status} and the content type "${type}"`;
  return createFailure(call.method, code, message);
}

/** The error of a stream that the server reset. */
export function toResetError(call: OutgoingCall, rstCode: number): PotterClientError {
  const message = `${call.method.name}: the server reset the stream with the code ${rstCode}`;
  const unprocessed = rstCode === constants.NGHTTP2_REFUSED_STREAM;
  return new PotterClientError(resets[rstCode] ?? "internal", message, { unprocessed });
}

/** Decodes percent-encoded text. Never fails: what is no escape stays as it is. */
function decodeMessage(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = Buffer.from(text).toString("latin1");
  const plain = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}

/** What is no number of milliseconds forbids to repeat the call, as gRFC A6 says. */
function readPushback(text: string | undefined): { readonly retryAfter?: number } {
  if (text === undefined) return {};
  return { retryAfter: /^\d{1,9}$/.test(text) ? Number(text) : -1 };
}
