import { toBase64 } from "../base64/index.js";
import { type OutgoingCall, type Transport, toFetchHeaders, toNetworkError } from "../transport/index.js";
import { type MessageFormat, readStream, readUnary } from "./answers.js";

/** The options of the Connect transport. */
export interface ConnectTransportOptions {
  /** Where the service is, with its path if it has one: `https://shop.example.com`. */
  readonly baseUrl: string;
  /** Sends the requests. Default: `fetch` of the platform. */
  readonly fetch?: typeof globalThis.fetch;
  /** The format of messages; `proto` needs methods with codecs, those without one send JSON. Default: `json`. */
  readonly format?: MessageFormat;
  /**
   * Whether queries without further headers are sent by GET, so that caches can answer them and browsers need no preflight.
   * Default: `true`.
   */
  readonly get?: boolean;
  /** Whether requests carry cookies. Default: to the own origin only, as `fetch` does. */
  readonly credentials?: "include" | "omit" | "same-origin";
}

/** The longest URL of a GET: what proxies accept. */
const longestUrl = 2_000;

/** Calls services by the Connect protocol over `fetch`. */
export function connectTransport(options: ConnectTransportOptions): Transport {
  const { get = true, credentials } = options;
  const base = options.baseUrl.replace(/\/$/, "");

  const send = async ({ method, signal }: OutgoingCall, url: string, init: RequestInit): Promise<Response> => {
    try {
      const { fetch = globalThis.fetch } = options;
      return await fetch(url, { ...init, ...(credentials && { credentials }), ...(signal && { signal }) });
    } catch (error) {
      throw toNetworkError(method, signal, error);
    }
  };

  return {
    async send(call) {
      const { method, request, timeout } = call;
      const format = options.format === "proto" && method.request && method.response ? "proto" : "json";
      const url = `${base}/${method.service}/${method.name}`;
      const { framing } = method;
      if (!framing && get && method.kind === "query" && Object.keys(call.headers).length === 0) {
        const found = `${url}?${toQuery(encode(call, request, format), format)}`;
        if (found.length <= longestUrl) return readUnary(call, format, await send(call, found, {}));
      }
      const headers = toFetchHeaders(call.headers, {
        "content-type": `application/${framing ? "connect+" : ""}${format}`,
        "connect-protocol-version": "1",
        ...(timeout !== undefined && { "connect-timeout-ms": String(Math.ceil(timeout)) }),
      });
      const one = (message: unknown) => encode(call, message, format);
      const body = framing ? framing.body(request, one) : one(request);
      // Needed where the body is a stream.
      const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
      const response = await send(call, url, init);
      return framing ? readStream(call, framing, format, response) : readUnary(call, format, response);
    },
  };
}

function encode({ method }: OutgoingCall, message: unknown, format: MessageFormat): string | Uint8Array<ArrayBuffer> {
  const codec = method.request;
  if (format === "proto" && codec !== undefined) return codec.encode(message) as Uint8Array<ArrayBuffer>;
  return JSON.stringify(codec === undefined ? message : codec.toJson(message));
}

function toQuery(message: string | Uint8Array, format: MessageFormat): string {
  const text =
    typeof message === "string"
      ? encodeURIComponent(message)
      : `${toBase64(message).replaceAll("+", "-").replaceAll("/", "_")}&base64=1`;
  return `connect=v1&encoding=${format}&message=${text}`;
}
