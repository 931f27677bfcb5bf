import {
  type BidiStreamOptions,
  Call,
  type Caller,
  type CommandOptions,
  once,
  resuming,
  StreamCall,
  type StreamOptions,
} from "../calls/index.js";
import type { ErrorTypes, MethodInfo, MethodOptions } from "../contract/index.js";
import type { BidiStream, ClientStream, Messages, ServerStream } from "./types.js";

/** A method with a stream, as data. */
export interface StreamMethodOptions<Errors = ErrorTypes> extends MethodOptions<Errors> {
  /** Whether it changes data. Default: `query`. */
  readonly kind?: "command" | "query";
}

/** A method that returns a stream, as data. */
export interface ServerStreamOptions<Errors = ErrorTypes> extends StreamMethodOptions<Errors> {
  /**
   * Whether the stream begins with the current state of what it follows, so that after a fault it may start over even without a
   * position. Default: `false`.
   */
  readonly watch?: boolean;
}

/** Creates the function of a method that returns a stream. For generated code. */
export function serverStream<Request, Message, Errors = object>({
  watch = false,
  ...options
}: ServerStreamOptions<NoInfer<Errors>>): ServerStream<Request, Message, Errors> {
  const method = describe(options, "server");
  return Object.assign(
    (caller: Caller, request: Request, given: StreamOptions = {}) =>
      new StreamCall<Message, Errors>(caller, method, request, given, (report) =>
        resuming(caller.connection, { ...given, watch }, report),
      ),
    { method },
  );
}

/** Creates the function of a method that takes a stream. For generated code. */
export function clientStream<Request, Response, Errors = object>(
  options: StreamMethodOptions<NoInfer<Errors>>,
): ClientStream<Request, Response, Errors> {
  // What was taken from the stream of requests cannot be sent again.
  const method = { ...describe(options, "client"), repeat: "never" } as const;
  return Object.assign(
    (caller: Caller, requests: Messages<Request>, given?: CommandOptions) =>
      new Call<Response, Errors>(caller, method, toAsync(requests), { ...given, retry: false }),
    { method },
  );
}

/** Creates the function of a method that takes a stream and returns one. For generated code. */
export function bidiStream<Request, Message, Errors = object>(
  options: StreamMethodOptions<NoInfer<Errors>>,
): BidiStream<Request, Message, Errors> {
  const method = { ...describe(options, "bidi"), repeat: "never" } as const;
  return Object.assign(
    (caller: Caller, requests: Messages<Request>, given: BidiStreamOptions = {}) =>
      new StreamCall<Message, Errors>(caller, method, toAsync(requests), given, (report) =>
        once(caller.connection, report),
      ),
    { method },
  );
}

function describe(options: StreamMethodOptions, stream: MethodInfo["stream"]): MethodInfo {
  const { kind = "query" } = options;
  return { repeat: kind === "query" ? "safe" : "never", ...options, kind, stream };
}

async function* toAsync<Request>(requests: Messages<Request>): AsyncGenerator<Request, void, undefined> {
  yield* requests;
}
