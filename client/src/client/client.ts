import { type AwaitedEvent, type Caller, resumeWait, type WaitOptions, type WaitResult } from "../calls/index.js";
import type { EventType } from "../contract/index.js";
import type { AnyMethod, Bound, Service } from "../methods/index.js";
import { type Connection, type RetryOptions, RetryPolicy, SessionPositions } from "../resilience/index.js";
import type { Interceptor, TokenSource, Transport } from "../transport/index.js";

/** The options of a client. */
export interface ClientOptions {
  /** Carries the calls: `connectTransport({ baseUrl })`, or one of another entry point. */
  readonly transport: Transport;
  /**
   * Returns the token of the user, which is sent as `authorization: Bearer …`. Called before each attempt and each reconnection,
   * and once more, with `renew: true`, when the server did not accept the last one. Default: no credentials.
   */
  readonly token?: TokenSource;
  /** Surround all calls, the first one outermost. Default: none. */
  readonly interceptors?: readonly Interceptor[];
  /** How failed calls are repeated, where the contract allows it. `false`: never. Default: see `RetryOptions`. */
  readonly retry?: RetryOptions | false;
  /** Milliseconds for a call whose contract has no limit; streams have none. 0: no limit. Default: 30,000. */
  readonly timeout?: number;
}

/** Calls services: by the functions of their methods, to which it is passed, or by `of`. */
export interface Client extends Caller {
  /** The methods of a service as an object: `client.of(OrderService).placeOrder({ … })`. */
  of<Methods>(service: Service<Methods>): Bound<Methods>;
  /** A client of the same connection whose queries see at least the changes that its own calls have made. */
  session(): Client;
  /** Resumes the wait for what a command leads to, by the token of its `pending`: also in another process, and later. */
  wait<const Events extends readonly EventType[] = []>(
    token: string,
    options?: WaitOptions<Events>,
  ): Promise<WaitResult<AwaitedEvent<Events[number]>>>;
  /**
   * Ends all calls and streams of the client and of its sessions with `cancelled`, once and for all, and closes the connections of the
   * transport. Later calls fail.
   */
  close(): Promise<void>;
}

/** Creates a client. Opens no connection before the first call. */
export function createClient(options: ClientOptions): Client {
  const { interceptors = [], retry, timeout = 30_000 } = options;
  return toClient({
    ...options,
    interceptors,
    timeout,
    retry: retry === false ? undefined : new RetryPolicy(retry),
    closing: new Set(),
  });
}

function toClient(connection: Connection): Client {
  const client: Client = {
    connection,
    of: (service) => bind(service, client),
    session: () => toClient({ ...connection, session: new SessionPositions() }),
    wait: (token, options) => resumeWait(client, token, options),
    close: async () => {
      const { closing } = connection;
      closing.reason = "the client is closed";
      for (const end of closing) end(closing.reason);
      await connection.transport.close?.();
    },
  };
  return client;
}

function bind<Methods>(service: Service<Methods>, client: Client): Bound<Methods> {
  const methods = Object.entries(service) as [string, AnyMethod][];
  return Object.fromEntries(
    methods.map(([name, method]) => [name, (request: never, options?: never) => method(client, request, options)]),
  ) as Bound<Methods>;
}
