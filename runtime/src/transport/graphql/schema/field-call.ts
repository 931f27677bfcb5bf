import { type GraphQLResolveInfo, Kind } from "graphql";
import type {
  AnyMethod,
  CallOptions,
  ExpectedVersion,
  Metadata,
  ReadonlyMetadata,
  WaitRequest,
} from "../../../cqrs/index.js";
import { HttpError } from "../../../http/index.js";
import type { GraphQLContext } from "../context/index.js";
import { compileMask, type MaskTypes } from "../values/index.js";

/** Call options of a root field: those of the context, and the field mask, which is computed when a handler reads it. */
export class FieldCall implements CallOptions {
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly lastEventId?: string;
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  readonly wait?: WaitRequest;
  private readonly call: CallOptions;
  private readonly info: GraphQLResolveInfo | undefined;
  private readonly types: MaskTypes | undefined;
  private readonly subscriptionSignal: AbortSignal | undefined;

  /** `signal`: that of a subscription, which replaces that of the operation. */
  constructor(context: unknown, method: AnyMethod, info?: GraphQLResolveInfo, types?: MaskTypes, signal?: AbortSignal) {
    this.subscriptionSignal = signal;
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
    if (call.wait !== undefined) this.wait = waitOfField(call.wait, method, info);
    // Only commands have them. Read once, since the getters parse headers.
    if (method.kind !== "command") return;
    const { commandId, expectedVersion } = call;
    if (commandId !== undefined) this.commandId = commandIdOf(commandId, info);
    if (expectedVersion === undefined) return;
    if (!isAlone(info)) throw ambiguous();
    this.expectedVersion = expectedVersion;
  }

  get requestHeaders(): ReadonlyMetadata {
    return this.call.requestHeaders as ReadonlyMetadata;
  }

  get responseHeaders(): Metadata {
    return this.call.responseHeaders as Metadata;
  }

  get signal(): AbortSignal {
    return this.subscriptionSignal ?? (this.call.signal as AbortSignal);
  }

  get fieldMask(): readonly string[] | undefined {
    return this.info && this.types && compileMask(this.info, this.types);
  }
}

/** Each of several mutations in one operation has its own command id. */
function commandIdOf(id: string, info: GraphQLResolveInfo | undefined): string {
  // A key of a client contains no space, so ids of different operations cannot collide.
  return isAlone(info) ? id : `${id} ${String(info?.path.key)}`;
}

/** Several mutations have one response, which cannot say what has become of each wait. */
function waitOfField(wait: WaitRequest, { kind }: AnyMethod, info: GraphQLResolveInfo | undefined): WaitRequest {
  if (kind === "query" || isAlone(info) || wait.header?.("potter-wait-for") === undefined) return wait;
  const message = "Potter-Wait-For applies to one change: send each mutation in its own operation";
  throw new HttpError(400, "invalid_argument", message);
}

/** Whether an operation has a single root field. A fragment may contain several. */
function isAlone(info: GraphQLResolveInfo | undefined): boolean {
  const [only, ...more] = info?.operation.selectionSet.selections ?? [];
  return info === undefined || (more.length === 0 && only?.kind === Kind.FIELD);
}

function ambiguous(): HttpError {
  const message = "If-Match and If-None-Match apply to one change: send each mutation in its own operation";
  return new HttpError(400, "invalid_argument", message);
}
