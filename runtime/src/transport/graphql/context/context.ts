import type { CallOptions, ExpectedVersion, WaitRequest } from "../../../cqrs/index.js";
import {
  type HttpRequest,
  readCommandId,
  readCorrelationId,
  readExpectedVersion,
  readWait,
} from "../../../http/index.js";

/** The part of a context that generated resolvers read. The context of a server may hold more. */
export interface GraphQLContext {
  /** Options of the calls of this operation: caller, tenant, ids and signal. */
  readonly call?: CallOptions;
}

/**
 * A context that keeps the state of its operation itself. A WeakMap would keep everything that an operation created alive until the next full
 * collection, since V8 treats the values of an old WeakMap as reachable when it collects young objects.
 */
export class OperationContext implements GraphQLContext {
  readonly call: CallOptions;
  /** The loaders of the operation; created when something is first loaded by key. */
  $loaders: Map<object, unknown> | undefined = undefined;
  /** The position of a subscription: the id of its last item, or of its start. */
  $position: string | undefined = undefined;

  constructor(call: CallOptions) {
    this.call = call;
  }
}

/** The part of a request that a context is made from: a Fetch `Request`, or headers as Node servers pass them. */
export interface RequestLike {
  /** The headers, by lower-case name. */
  readonly headers:
    | { get(name: string): string | null }
    | { readonly [name: string]: string | readonly string[] | undefined };
  /** Aborts when the client disconnects. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates the context of an operation from its request: the correlation id (`x-correlation-id`, or the trace id of
 * `traceparent`), the command id of a mutation (`idempotency-key`), its expected version (`if-match`, `if-none-match`) and the
 * signal. `call`: the caller, as you identified it. A mutation with a malformed header fails with `invalid_argument`.
 */
export function toContext(request: RequestLike, call?: CallOptions): GraphQLContext {
  return new OperationContext(new ContextCall(request, call));
}

/** Joins the user's context and ours in a new object of the user's class, since the user may share one between requests. */
export function joinContexts(given: object | undefined, own: GraphQLContext): object {
  return Object.assign(Object.create(Object.getPrototypeOf(given ?? own)), given, own);
}

/**
 * Call options from a request. `signal` is a getter, since a signal is expensive to create and most handlers never read it.
 * `commandId` and `expectedVersion` are getters, since a malformed header must fail commands only.
 */
class ContextCall implements CallOptions {
  readonly correlationId?: string;
  readonly wait?: WaitRequest;
  readonly #headers: Pick<HttpRequest, "header">;
  readonly #request: RequestLike;
  readonly #given: CallOptions;

  constructor(request: RequestLike, call: CallOptions = {}) {
    this.#request = request;
    this.#headers = { header: (name) => readHeader(request, name) };
    this.#given = call;
    const correlationId = readCorrelationId(this.#headers);
    if (correlationId !== undefined) this.correlationId = correlationId;
    const wait = readWait(this.#headers);
    if (wait !== undefined) this.wait = wait;
    const { signal: _, commandId: __, expectedVersion: ___, ...others } = call;
    Object.assign(this, others);
  }

  /** Throws if the header is malformed. */
  get commandId(): string {
    return (this.#given.commandId ?? readCommandId(this.#headers)) as string;
  }

  /** Throws if the header is malformed. */
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
