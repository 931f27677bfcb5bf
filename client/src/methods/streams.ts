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
import { type Framing, requestFraming, responseFraming } from "../envelopes/index.js";
import type { Interceptor } from "../transport/index.js";
import { toRequests } from "./requests.js";
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
  const method = describe(options, "server", responseFraming);
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
  const method = { ...describe(options, "client", requestFraming), repeat: "never" } as const;
  return Object.assign(
    (caller: Caller, messages: Messages<Request>, given?: CommandOptions) => {
      const requests = toRequests(messages);
      const ending: Interceptor = (call, next) => next(call).finally(requests.end);
      const interceptors = [ending, ...caller.connection.interceptors];
      const connection = { ...caller.connection, interceptors };
      return new Call<Response, Errors>({ connection }, method, requests, { ...given, retry: false });
    },
    { method },
  );
}

/** Creates the function of a method that takes a stream and returns one. For generated code. */
export function bidiStream<Request, Message, Errors = object>(
  options: StreamMethodOptions<NoInfer<Errors>>,
): BidiStream<Request, Message, Errors> {
  const method = { ...describe(options, "bidi", requestFraming), repeat: "never" } as const;
  return Object.assign(
    (caller: Caller, messages: Messages<Request>, given: BidiStreamOptions = {}) => {
      const requests = toRequests(messages);
      return new StreamCall<Message, Errors>(caller, method, requests, given, (report) =>
        once(caller.connection, report, requests.end),
      );
    },
    { method },
  );
}

function describe(options: StreamMethodOptions, stream: MethodInfo["stream"], framing: Framing): MethodInfo {
  const { kind = "query" } = options;
  return { repeat: kind === "query" ? "safe" : "never", ...options, kind, stream, framing };
}
