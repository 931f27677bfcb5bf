import { mapItems } from "../async/index.js";
import type { AnyMethod, CallOptions, Method } from "../cqrs/index.js";
import type { SendOptions } from "../engines/index.js";
import type { App } from "./app.js";

/**
 * A client of a service: one function for each rpc, by local name, as in `client.placeOrder({ … })`. Write
 * `Client<typeof OrderService>`.
 */
export type Client<S extends { readonly methods: object }> = {
  readonly [K in keyof S["methods"]]: ClientMethod<S["methods"][K]>;
};

/** The function of a `Client` that calls one rpc: takes a request or a stream of them, returns the response or a stream. */
export type ClientMethod<M> =
  M extends Method<infer Req, infer Res, infer Stream>
    ? Stream extends "unary"
      ? (request: Req["init"] | Req["message"], options?: SendOptions) => Promise<Res["message"]>
      : Stream extends "server"
        ? (request: Req["init"] | Req["message"], options?: CallOptions) => AsyncIterable<Res["message"]>
        : Stream extends "client"
          ? (requests: AsyncIterable<Req["init"] | Req["message"]>, options?: CallOptions) => Promise<Res["message"]>
          : (
              requests: AsyncIterable<Req["init"] | Req["message"]>,
              options?: CallOptions,
            ) => AsyncIterable<Res["message"]>
    : never;

/** The methods of an app that an in-process client needs. */
export type ClientApp = Pick<App, "dispatch" | "send">;

/**
 * Creates a client that calls an app in the same process, without network or serialization, but with the same validation,
 * middleware and errors as over a transport. Calls reject with a `PotterError`. Streams start when they are iterated.
 */
export function createClient<S extends { readonly methods: object }>(service: S, app: ClientApp): Client<S> {
  const methods = Object.entries(service.methods as { readonly [name: string]: AnyMethod });
  return Object.fromEntries(methods.map(([name, method]) => [name, bind(method, app)])) as Client<S>;
}

function bind(method: AnyMethod, app: ClientApp): unknown {
  const send = app.send as (method: AnyMethod, request: unknown, options?: SendOptions) => Promise<unknown>;
  const create = (request: unknown): unknown => method.request.create(request);
  switch (method.stream) {
    case "unary":
      return (request: unknown, options?: SendOptions) => send(method, request, options);
    case "server":
      return (request: unknown, options?: CallOptions) => iterate(() => app.dispatch(method, create(request), options));
    case "client":
      return async (requests: AsyncIterable<unknown>, options?: CallOptions) =>
        (await app.dispatch(method, mapItems(requests, create), options)).response;
    case "bidi":
      return (requests: AsyncIterable<unknown>, options?: CallOptions) =>
        iterate(() => app.dispatch(method, mapItems(requests, create), options));
  }
}

async function* iterate(call: () => Promise<{ readonly response: unknown }>): AsyncGenerator<unknown> {
  const { response } = await call();
  yield* response as AsyncIterable<unknown>;
}
