// An app of bare methods behind a WebSocket without a server: the tests of this module send frames to it.
import { expect, vi } from "vitest";
import { type AnyMethod, type CallOptions, type CallResult, RunningCalls } from "../../cqrs/index.js";
import {
  createGate,
  type HttpOptions,
  type HttpRequest,
  type HttpResponse,
  type TransportHost,
  type WebSocketListener,
  type WebSocketPort,
} from "../../http/index.js";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { es } from "../../message/index.js";
import type { WebSocketTransportOptions } from "./options.js";
import { webSocket } from "./web-socket.js";

export const order = es(OrderSchema);

/** Creates an order. */
export const orderOf = (orderId: string): object => order.create({ orderId }) as object;

/** The id of an order. */
export const idOf = (message: unknown): string => (message as { readonly orderId: string }).orderId;

export type Invoke = (request: unknown, options: CallOptions) => Promise<CallResult>;

/** A method of `test.v1.Orders`, by its name. */
export interface Setup {
  readonly method?: Partial<AnyMethod>;
  readonly invoke?: Invoke;
}

/** The client side of one connection. */
export class TestClient implements WebSocketPort {
  readonly sent: unknown[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  terminated = false;
  bufferedAmount = 0;
  listener: WebSocketListener | undefined;

  send(message: string | Uint8Array): void {
    if (this.closed === undefined) this.sent.push(JSON.parse(message as string));
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.listener?.close();
  }

  terminate(): void {
    this.terminated = true;
    this.listener?.close();
  }

  /** Sends a frame. */
  frame(frame: string | object): void {
    this.listener?.message(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  request(id: unknown, method: string, params?: unknown): void {
    this.frame({ jsonrpc: "2.0", id, method, ...(params !== undefined && { params }) });
  }

  notify(method: string, params?: unknown): void {
    this.frame({ jsonrpc: "2.0", method, ...(params !== undefined && { params }) });
  }

  /** Waits for the answer to a request. */
  async answer(id: unknown): Promise<Answer> {
    return vi.waitFor(
      () => {
        const found = this.sent.find((one) => (one as { id?: unknown }).id === id);
        expect(found, `no answer to ${id}`).toBeDefined();
        return found as Answer;
      },
      { interval: 2 },
    );
  }

  /** Sends a request and waits for its answer. */
  call(id: unknown, method: string, params?: unknown): Promise<Answer> {
    this.request(id, method, params);
    return this.answer(id);
  }

  /** The params of the notifications of a method. */
  notified(method: string): unknown[] {
    return this.sent
      .filter((one) => (one as { method?: unknown }).method === method)
      .map((one) => (one as { params: unknown }).params);
  }
}

export interface Answer {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data: Record<string, unknown> };
}

/** A handshake. */
export function handshakeOf(headers: Record<string, string> = {}): HttpRequest {
  const all: Record<string, string> = {
    host: "shop.test",
    upgrade: "websocket",
    "sec-websocket-protocol": "potter.v1.json",
    ...headers,
  };
  const noBody = (): never => {
    throw new Error("a handshake has no body");
  };
  return {
    method: "GET",
    path: "/ws",
    query: "",
    header: (name) => all[name],
    headers: () => Object.entries(all),
    text: noBody,
    bytes: noBody,
    chunks: noBody,
    server: { trailers: false, fullDuplex: false },
    signal: new AbortController().signal,
  };
}

/** Serves methods. `running` counts those that have begun and not ended. */
export function serveMethods(
  setups: Readonly<Record<string, Setup>>,
  options: WebSocketTransportOptions & HttpOptions = {},
  host: Partial<TransportHost> = {},
) {
  const error = vi.fn();
  const info = vi.fn();
  const stops = new Set<() => void>();
  const tracked = new RunningCalls();
  const methods = Object.entries(setups).map(([name, { method, invoke }]) => ({
    method: {
      service: "test.v1.Orders",
      name,
      kind: "command",
      stream: "unary",
      request: order,
      response: order,
      http: [],
      errors: {},
      ...method,
    } as AnyMethod,
    invoke: (request: unknown, call: CallOptions) =>
      tracked.track((invoke ?? (async (message) => ({ response: message })))(request, call)),
  }));
  const gate = createGate({ ...(options.cors && { cors: options.cors }) });
  const handle = gate.open([
    webSocket(options).mount({
      methods,
      logger: { debug() {}, info, warn() {}, error },
      dispatch: () => Promise.reject(new Error("methods are called as they are bound")),
      csrf: gate.csrf,
      onStop: (listener) => {
        stops.add(listener);
        return () => stops.delete(listener);
      },
      ...host,
    }),
  ]);
  const connect = (request: HttpRequest = handshakeOf()): TestClient => {
    const { webSocket: acceptance } = handle(request) as HttpResponse;
    if (acceptance === undefined) throw new Error("the handshake was refused");
    const client = new TestClient();
    client.listener = acceptance.open(client);
    return client;
  };
  return {
    handle,
    connect,
    error,
    info,
    stops,
    stop: () => [...stops].forEach((stop) => void stop()),
    running: () => tracked.all.length,
  };
}
