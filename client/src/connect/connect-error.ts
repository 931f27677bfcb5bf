import { fromBase64 } from "../base64/index.js";
import { type Code, codes, type ErrorDetail, type PotterClientError } from "../errors/index.js";
import { createFailure, type OutgoingCall, type ResponseHeaders } from "../transport/index.js";

/** An error as Connect writes it. */
interface ErrorJson {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly type?: string; readonly value?: string; readonly debug?: unknown }[];
}

/** What a status of HTTP means if there is no error of Connect: gateways and other servers answer so. */
const statuses: Readonly<Record<number, Code>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** The headers and trailers of an answer. */
interface AnswerHeaders {
  readonly headers: ResponseHeaders;
  readonly trailers?: ResponseHeaders;
}

/** Creates the error of an answer. `json`: its body, or the error in the last message of a stream. */
export function toError(call: OutgoingCall, json: unknown, answer: AnswerHeaders, status = 500): PotterClientError {
  const { code = "", message, details } = (typeof json === "object" && json !== null ? json : {}) as ErrorJson;
  const spelled = code === "canceled" ? "cancelled" : code;
  const isError = codes.includes(spelled as Code);
  const known = isError ? (spelled as Code) : (statuses[status] ?? "unknown");
  // Connect leaves out an empty message.
  const text = message ?? (isError ? "" : `the server answered with status ${status}`);
  return createFailure(call.method, known, text, {
    // Proxies answer with JSON of their own.
    details: Array.isArray(details) ? details.filter((one) => typeof one === "object" && one).map(toDetail) : [],
    ...answer,
  });
}

function toDetail({ type = "", value, debug }: NonNullable<ErrorJson["details"]>[number]): ErrorDetail {
  return {
    typeName: type,
    ...toBytes(value),
    ...(debug !== undefined && { json: debug }),
  };
}

/** Malformed details are no reason to lose the error. */
function toBytes(value = ""): Pick<ErrorDetail, "bytes"> {
  try {
    return { bytes: fromBase64(value) };
  } catch {
    return {};
  }
}
