import { type GraphQLResolveInfo, Kind } from "graphql";
import type { AnyMethod, CallOptions } from "../../../cqrs/index.js";
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
 * command id of a mutation (`idempotency-key`), and its end.
 */
export function toContext(request: RequestLike, call?: CallOptions): GraphQLContext {
  return { call: new CallOfRequest(request, call) };
}

/** What the user's context holds, of whatever class it is, and what resolvers want. Another object, since the user's may be shared. */
export function joinContexts(given: object | undefined, own: GraphQLContext): object {
  return Object.assign(Object.create(Object.getPrototypeOf(given ?? own)), given, own);
}

/** Who calls, as a request says. The signal is a getter, since one is dear to make and most handlers never ask for it. */
class CallOfRequest implements CallOptions {
  readonly correlationId?: string;
  readonly commandId?: string;
  readonly #request: RequestLike;
  readonly #signal: AbortSignal | undefined;

  constructor(request: RequestLike, call: CallOptions | undefined) {
    this.#request = request;
    const correlationId = readCorrelationId(
      readHeader(request, "x-correlation-id"),
      readHeader(request, "traceparent"),
    );
    if (correlationId !== undefined) this.correlationId = correlationId;
    const key = readKey(readHeader(request, "idempotency-key"));
    if (key !== undefined) this.commandId = key;
    if (call === undefined) return;
    const { signal, ...others } = call;
    this.#signal = signal;
    Object.assign(this, others);
  }

  get signal(): AbortSignal | undefined {
    return this.#signal ?? this.#request.signal;
  }
}

function readHeader({ headers }: RequestLike, name: string): string | undefined {
  const value = typeof headers.get === "function" ? headers.get(name) : (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

/** It ends up in logs, so anything but a short plain token is passed over. */
function readCorrelationId(given: string | undefined, trace: string | undefined): string | undefined {
  if (given !== undefined && /^[\w.:/+=@-]{1,128}$/.test(given)) return given;
  const id = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(trace ?? "")?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

function readKey(header: string | undefined): string | undefined {
  const key = header && (/^"(.*)"$/.exec(header)?.[1] ?? header);
  return key !== undefined && /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(key) ? key : undefined;
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
    // A query has no command id; of several mutations in one operation each has one of its own.
    if (call.commandId !== undefined && method.kind === "command") this.commandId = commandIdOf(call.commandId, info);
  }

  get signal(): AbortSignal {
    return this.end ?? (this.call.signal as AbortSignal);
  }

  get fieldMask(): readonly string[] | undefined {
    return this.info && this.types && compileMask(this.info, this.types);
  }
}

function commandIdOf(id: string, info: GraphQLResolveInfo | undefined): string {
  const [only, ...more] = info?.operation.selectionSet.selections ?? [];
  // A fragment may hold several.
  if (info === undefined || (more.length === 0 && only?.kind === Kind.FIELD)) return id;
  // No key has a space, so none can be that of a field of another operation.
  return `${id} ${String(info.path.key)}`;
}
