import type { Call, PagedCall, StreamCall } from "../calls/index.js";
import { type CallError, PotterClientError } from "../errors/index.js";
import type { AnyMethod, ErrorsOf, RequestOf } from "../methods/index.js";
import { createFailure, type OutgoingCall, type Transport } from "../transport/index.js";

/** What a handler returns: the response, or the messages of the stream. */
export type MockAnswer<M> = M extends (...args: never) => StreamCall<infer Message, infer _E>
  ? AsyncIterable<Message> | Iterable<Message>
  : M extends (...args: never) => PagedCall<infer Response, infer _I, infer _E> | Call<infer Response, infer _E>
    ? Response | Promise<Response>
    : never;

/** Answers the calls of a method; throws to let them fail. */
export type MockHandler<M> = (request: RequestOf<M>, call: OutgoingCall) => MockAnswer<M>;

/** Answers calls by functions, for tests of what uses a client. */
export class MockTransport implements Transport {
  /** All calls so far, each attempt one. */
  readonly calls: OutgoingCall[] = [];
  readonly #handlers: Map<string, (request: never, call: OutgoingCall) => unknown> = new Map();

  /** Answers calls of a method by a function. The last one that is given counts. */
  on<M extends AnyMethod>(method: M, handler: MockHandler<M>): this {
    this.#handlers.set(nameOf(method.method), handler);
    return this;
  }

  /** Lets calls of a method fail with an error that it declares. */
  reject<M extends AnyMethod, Name extends keyof ErrorsOf<M> & string>(
    method: M,
    name: Name,
    detail: ErrorsOf<M>[Name],
  ): this {
    const failure = new PotterClientError("failed_precondition", name, { name, detail }) as CallError<ErrorsOf<M>>;
    return this.on(method, () => {
      throw failure;
    });
  }

  /** Answers a call. */
  async send(call: OutgoingCall): ReturnType<Transport["send"]> {
    this.calls.push(call);
    const handler = this.#handlers.get(nameOf(call.method));
    if (handler === undefined) {
      throw createFailure(call.method, "unimplemented", `the mock has no handler of ${nameOf(call.method)}`);
    }
    const { stream } = call.method;
    const answer = await handler(call.request as never, call);
    const isStream = stream === "server" || stream === "bidi";
    return { response: isStream ? toItems(answer as Iterable<unknown>) : answer, headers: new Map() };
  }
}

/** Creates a transport that answers calls by functions: `mockTransport().on(getOrder, () => ({ orderId: "1" }))`. */
export function mockTransport(): MockTransport {
  return new MockTransport();
}

function nameOf({ service, name }: OutgoingCall["method"]): string {
  return `${service}/${name}`;
}

async function* toItems(messages: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<{ message: unknown }> {
  for await (const message of messages) yield { message };
}
