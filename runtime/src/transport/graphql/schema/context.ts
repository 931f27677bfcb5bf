import { type GraphQLResolveInfo, Kind } from "graphql";
import type { AnyMethod, CallOptions, ExpectedVersion } from "../../../cqrs/index.js";
import {
  HttpError,
  type HttpRequest,
  readCommandId,
  readCorrelationId,
  readExpectedVersion,
} from "../../../http/index.js";
import { compileMask, type MaskTypes } from "./field-mask.js";

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

/** Throws for what is malformed in the headers that are for commands alone. */
export function checkCommandHeaders(context: object): void {
  const { call } = context as GraphQLContext;
  void call?.commandId;
  void call?.expectedVersion;
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

/** What a call is made with: what the context says, and the fields that were asked for, worked out when a handler wants them. */
export class CallOfField implements CallOptions {
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly lastEventId?: string;
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  private readonly call: CallOptions;
  private readonly info: GraphQLResolveInfo | undefined;
  private readonly types: MaskTypes | undefined;
  private readonly end: AbortSignal | undefined;

  /** `end`: that of a subscription, in place of the operation's. */
  constructor(context: unknown, method: AnyMethod, info?: GraphQLResolveInfo, types?: MaskTypes, end?: AbortSignal) {
    this.end = end;
    const call = (context as GraphQLContext | undefined)?.call ?? {};
    this.call = call;
    this.info = info;
    this.types = types;
    if (call.correlationId !== undefined) this.correlationId = call.correlationId;
    if (call.causationId !== undefined) this.causationId = call.causationId;
    if (call.tenant !== undefined) this.tenant = call.tenant;
    if (call.tenants !== undefined) this.tenants = call.tenants;
    if (call.user !== undefined) this.user = call.user;
    if (call.metadata !== undefined) this.metadata = call.metadata;
    if (call.lastEventId !== undefined) this.lastEventId = call.lastEventId;
    // A query has neither. Asked for once: the getters of a request read its headers.
    if (method.kind !== "command") return;
    const { commandId, expectedVersion } = call;
    if (commandId !== undefined) this.commandId = commandIdOf(commandId, info);
    if (expectedVersion === undefined) return;
    if (!isAlone(info)) throw ambiguous();
    this.expectedVersion = expectedVersion;
  }

  get signal(): AbortSignal {
    return this.end ?? (this.call.signal as AbortSignal);
  }

  get fieldMask(): readonly string[] | undefined {
    return this.info && this.types && compileMask(this.info, this.types);
  }
}

/** Of several mutations in one operation each has a command id of its own. */
function commandIdOf(id: string, info: GraphQLResolveInfo | undefined): string {
  // No key has a space, so none can be that of a field of another operation.
  return isAlone(info) ? id : `${id} ${String(info?.path.key)}`;
}

/** Whether an operation has but one field. A fragment may hold several. */
function isAlone(info: GraphQLResolveInfo | undefined): boolean {
  const [only, ...more] = info?.operation.selectionSet.selections ?? [];
  return info === undefined || (more.length === 0 && only?.kind === Kind.FIELD);
}

function ambiguous(): HttpError {
  const message = "If-Match and If-None-Match are about one change: send each mutation in an operation of its own";
  return new HttpError(400, "invalid_argument", message);
}
