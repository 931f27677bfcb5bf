import {
  type CallOptions,
  type ExpectedVersion,
  Metadata,
  type ReadonlyMetadata,
  type WaitRequest,
} from "../../cqrs/index.js";
import { type CallerOptions, type HttpRequest, readWait } from "../../http/index.js";
import { newId } from "../../message/index.js";
import type { CallMetadata } from "./metadata.js";

/** The options of one call over a socket. Ids, signals and metadata are created only when read, since most handlers never do. */
export class SocketCall implements CallOptions {
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  readonly lastEventId?: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the client waits for beyond the response. */
  readonly wait: WaitRequest | undefined;
  /** Replaces the signal where the call has a deadline. */
  deadline: AbortSignal | undefined = undefined;
  /** What the handler has added to the response, if anything. */
  addedHeaders: Metadata | undefined = undefined;
  addedTrailers: Metadata | undefined = undefined;
  private readonly handshake: Pick<HttpRequest, "headers">;
  private readonly given: CallMetadata;
  private madeUp: string | undefined;
  private end: AbortController | undefined;
  private reason: unknown;

  constructor(handshake: Pick<HttpRequest, "headers">, given: CallMetadata, caller: CallerOptions | undefined) {
    this.handshake = handshake;
    this.given = given;
    const { commandId, expectedVersion, after, correlationId, headers } = given;
    this.wait = headers && readWait({ header: (name) => headers.find(([key]) => key === name)?.[1] });
    this.madeUp = correlationId;
    if (commandId !== undefined) this.commandId = commandId;
    if (expectedVersion !== undefined) this.expectedVersion = expectedVersion;
    if (after !== undefined) this.lastEventId = after;
    if (caller === undefined) return;
    if (caller.user !== undefined) this.user = caller.user;
    if (caller.tenant !== undefined) this.tenant = caller.tenant;
    if (caller.metadata !== undefined) this.metadata = caller.metadata;
    this.tenants = caller.tenants;
  }

  get correlationId(): string {
    this.madeUp ??= newId();
    return this.madeUp;
  }

  get signal(): AbortSignal {
    return this.deadline ?? this.own;
  }

  get requestHeaders(): ReadonlyMetadata {
    const { headers = [] } = this.given;
    const replaced = new Set(headers.map(([name]) => name));
    const kept = Array.from(this.handshake.headers()).filter(([name]) => !replaced.has(name));
    return new Metadata([...kept, ...headers]);
  }

  get responseHeaders(): Metadata {
    this.addedHeaders ??= new Metadata();
    return this.addedHeaders;
  }

  get responseTrailers(): Metadata {
    this.addedTrailers ??= new Metadata();
    return this.addedTrailers;
  }

  /** Aborts the signal. */
  abort(reason: unknown): void {
    this.reason ??= reason;
    this.end?.abort(reason);
  }

  /** The signal of the call without a deadline. */
  get own(): AbortSignal {
    if (this.end === undefined) {
      this.end = new AbortController();
      if (this.reason !== undefined) this.end.abort(this.reason);
    }
    return this.end.signal;
  }
}
