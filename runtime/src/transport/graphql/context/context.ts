import type { CallOptions, ExpectedVersion } from "../../../cqrs/index.js";
import { type HttpRequest, readCommandId, readCorrelationId, readExpectedVersion } from "../../../http/index.js";

/** What the resolvers want of the context of an operation. A server's own context may hold more. */
export interface GraphQLContext {
  /** Who calls, under which id, and until when. */
  readonly call?: CallOptions;
}

/** The part of a request that calls are made from: that of web standards, and what other servers give. */
export interface RequestLike {
  readonly headers:
    | { get(name: string): string | null }
    | { readonly [name: string]: string | readonly string[] | undefined };
  readonly signal?: AbortSignal | undefined;
}

/**
 * The context of an operation, from its request: the correlation id (`x-correlation-id`, or the trace of `traceparent`), the
 * command id of a mutation (`idempotency-key`), the version that it expects (`if-match`, `if-none-match`), and its end. A mutation with a
 * malformed header fails with `invalid_argument`.
 */
export function toContext(request: RequestLike, call?: CallOptions): GraphQLContext {
  return { call: new CallOfRequest(request, call) };
}

/** What the user's context holds, of whatever class it is, and what resolvers want. Another object, since the user's may be shared. */
export function joinContexts(given: object | undefined, own: GraphQLContext): object {
  return Object.assign(Object.create(Object.getPrototypeOf(given ?? own)), given, own);
}

/**
 * Who calls, as a request says. The signal is a getter, since one is dear to make and most handlers never ask for it; what is for commands alone
 * is one, since of a query it says nothing, and what is malformed of it must not be refused there.
 */
class CallOfRequest implements CallOptions {
  readonly correlationId?: string;
  readonly #headers: Pick<HttpRequest, "header">;
  readonly #request: RequestLike;
  readonly #given: CallOptions;

  constructor(request: RequestLike, call: CallOptions = {}) {
    this.#request = request;
    this.#headers = { header: (name) => readHeader(request, name) };
    this.#given = call;
    const correlationId = readCorrelationId(this.#headers);
    if (correlationId !== undefined) this.correlationId = correlationId;
    const { signal: _, commandId: __, expectedVersion: ___, ...others } = call;
    Object.assign(this, others);
  }

  /** Throws for a header that is malformed. */
  get commandId(): string {
    return (this.#given.commandId ?? readCommandId(this.#headers)) as string;
  }

  /** Throws for a header that is malformed. */
  get expectedVersion(): ExpectedVersion | undefined {
    return this.#given.expectedVersion ?? readExpectedVersion(this.#headers);
  }

  get signal(): AbortSignal {
    return (this.#given.signal ?? this.#request.signal) as AbortSignal;
  }
}

function readHeader({ headers }: RequestLike, name: string): string | undefined {
  const value = typeof headers.get === "function" ? headers.get(name) : (headers as Record<string, unknown>)[name];
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : undefined;
}
