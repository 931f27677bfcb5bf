// An app of bare methods behind gRPC, gRPC-Web and Connect, and requests without a server: the tests of this module send them.
import { vi } from "vitest";
import type { AnyMethod, CallOptions, CallResult } from "../../cqrs/index.js";
import {
  type HttpFields,
  type HttpRequest,
  type HttpResponse,
  type TransportHost,
  tooLarge,
} from "../../http/index.js";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { es } from "../../message/index.js";
import { writeEnvelope } from "./envelope/index.js";
import type { RpcOptions } from "./options.js";
import { rpc } from "./rpc.js";

export const order = es(OrderSchema);
export const toOrder = (orderId: string) => order.create({ orderId });
export const encoded = (orderId: string): Uint8Array => order.encode(toOrder(orderId));

export interface Setup {
  readonly method?: Partial<AnyMethod>;
  readonly invoke?: (request: never, options: CallOptions) => Promise<CallResult>;
}

/** Serves methods of the service `test.v1.Orders`, named `Method0`, `Method1` and so on. */
export function app(setups: readonly Setup[], options: RpcOptions = {}, host?: Partial<TransportHost>) {
  const error = vi.fn();
  const methods = setups.map(({ method, invoke }, index) => ({
    method: {
      service: "test.v1.Orders",
      name: `Method${index}`,
      kind: "query",
      stream: "unary",
      request: order,
      response: order,
      http: [],
      errors: {},
      ...method,
    } as AnyMethod,
    invoke: (invoke as never) ?? (async (request: unknown) => ({ response: request })),
  }));
  const logger = { debug() {}, info() {}, warn() {}, error };
  const dispatch = () => Promise.reject(new Error("methods are called as they are bound"));
  const mounted: TransportHost = { methods, logger, dispatch, ...host };
  const routes = rpc(options).mount(mounted);
  const send = async (request: TestRequest): Promise<Answer | undefined> => {
    const response = await routes(request);
    return response && readAnswer(response);
  };
  return { routes, send, error, host: mounted };
}

interface RequestInit {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, or the chunks in which it arrives. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
  readonly trailers?: boolean;
  readonly fullDuplex?: boolean;
  readonly signal?: AbortSignal;
}

/** A request without a server: to `Method0`, from a server with trailers and full duplex. */
export class TestRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly server: HttpRequest["server"];
  readonly signal: AbortSignal;
  private readonly fields: Readonly<Record<string, string>>;
  private readonly body: RequestInit["body"];

  constructor(init: RequestInit) {
    this.method = init.method ?? "POST";
    this.path = init.path ?? "/test.v1.Orders/Method0";
    this.query = init.query ?? "";
    this.fields = init.headers ?? {};
    this.body = init.body;
    this.server = { trailers: init.trailers ?? true, fullDuplex: init.fullDuplex ?? true };
    this.signal = init.signal ?? new AbortController().signal;
  }

  header(name: string): string | undefined {
    return this.fields[name];
  }

  headers(): Iterable<readonly [string, string]> {
    return Object.entries(this.fields);
  }

  async text(limit: number): Promise<string> {
    return new TextDecoder().decode(await this.bytes(limit));
  }

  async bytes(limit: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this.chunks()) parts.push(chunk);
    const whole = join(parts);
    if (whole.length > limit) throw tooLarge(limit);
    return whole;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { body } = this;
    if (body === undefined) return;
    if (typeof body === "string") yield new TextEncoder().encode(body);
    else if (body instanceof Uint8Array) yield body;
    else yield* body;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: HttpFields;
  readonly body: Uint8Array;
  readonly text: string;
  readonly trailers: HttpFields | undefined;
}

/** Reads a response to its end. */
export async function readAnswer(response: HttpResponse): Promise<Answer> {
  const { status, headers, body } = response;
  const parts: Uint8Array[] = [];
  const add = (part: string | Uint8Array) =>
    parts.push(typeof part === "string" ? new TextEncoder().encode(part) : part);
  if (typeof body === "object" && !(body instanceof Uint8Array)) for await (const part of body) add(part);
  else if (body !== undefined) add(body);
  const whole = join(parts);
  return { status, headers, body: whole, text: new TextDecoder().decode(whole), trailers: response.trailers?.() };
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The envelopes of a body. */
export function envelopesOf(body: Uint8Array): { readonly flags: number; readonly data: Uint8Array }[] {
  const found: { readonly flags: number; readonly data: Uint8Array }[] = [];
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1);
    found.push({ flags: bytes[at] as number, data: new Uint8Array(bytes.subarray(at + 5, at + 5 + length)) });
    at += 5 + length;
  }
  return found;
}

/** The id of an encoded order. */
export const idOf = (bytes: Uint8Array | undefined): string =>
  (order.toJson(order.decode(bytes ?? new Uint8Array(0))) as { readonly orderId?: string }).orderId ?? "";

/** Reads the trailers of a body of gRPC-Web. */
export const webTrailersOf = (body: Uint8Array): string =>
  new TextDecoder().decode(envelopesOf(body).find(({ flags }) => flags === 0x80)?.data);

export const envelope = (orderId: string, flags?: number): Uint8Array => writeEnvelope(encoded(orderId), flags);
export const grpcHeaders = { "content-type": "application/grpc", te: "trailers" };

/** Sends envelopes over gRPC. */
export function grpcRequest(init: RequestInit): TestRequest {
  return new TestRequest({ ...init, headers: { ...grpcHeaders, ...init.headers } });
}
