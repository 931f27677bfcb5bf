import { type GraphQLResolveInfo, Kind } from "graphql";
import type { AnyMethod, CallOptions, ExpectedVersion } from "../../../cqrs/index.js";
import { HttpError } from "../../../http/index.js";
import type { GraphQLContext } from "../context/index.js";
import { compileMask, type MaskTypes } from "../values/index.js";

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
