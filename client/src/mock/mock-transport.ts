import { type Code, PotterClientError } from "../errors/index.js";
import type { AnyMethod, ErrorsOf, RequestOf } from "../methods/index.js";
import { abortable, createFailure, type OutgoingCall, type Transport } from "../transport/index.js";

/** What a handler of a method returns: the response, or the messages of the stream. */
export type MockAnswer<M> = M extends (...args: never) => AsyncIterable<infer Message>
  ? M extends (...args: never) => Promise<infer Response>
    ? Response | Promise<Response>
    : AsyncIterable<Message> | Iterable<Message>
  : M extends (...args: never) => Promise<infer Response>
    ? Response | Promise<Response>
    : never;

/** Answers calls of a method; throws to let them fail. */
export type MockHandler<M> = (request: RequestOf<M>, call: OutgoingCall) => MockAnswer<M>;

/** How calls of a method are answered. */
export interface MockedMethod<M> {
  /** By a function. */
  answer(handler: MockHandler<M>): MockTransport;
  /** By an error that the method declares. `code`: the one that the contract gives it. Default: `failed_precondition`. */
  reject<Name extends keyof ErrorsOf<M> & string>(name: Name, detail: ErrorsOf<M>[Name], code?: Code): MockTransport;
}

/** Answers calls by functions, for tests of what uses a client. */
export class MockTransport implements Transport {
  /** All calls so far, each attempt one. */
  readonly calls: OutgoingCall[] = [];
  readonly #handlers: Map<string, (request: never, call: OutgoingCall) => unknown> = new Map();

  /** Says how calls of a method are answered. What is said last counts. */
  on<M extends AnyMethod>({ method }: M): MockedMethod<M> {
    const set = (handler: (request: never, call: OutgoingCall) => unknown): this => {
      this.#handlers.set(nameOf(method), handler);
      return this;
    };
    return {
      answer: set,
      reject: (name, detail, code = "failed_precondition") =>
        set(() => {
          throw new PotterClientError(code, name, { name, detail });
        }),
    };
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
    const response = isStream ? abortable(toItems(answer as Iterable<unknown>), call.signal) : answer;
    return { response, headers: new Map() };
  }
}

/** Creates a transport that answers calls by functions: `mockTransport().on(getOrder).answer(() => ({ orderId: "1" }))`. */
export function mockTransport(): MockTransport {
  return new MockTransport();
}

function nameOf({ service, name }: OutgoingCall["method"]): string {
  return `${service}/${name}`;
}

async function* toItems(messages: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<{ message: unknown }> {
  for await (const message of messages) yield { message };
}
