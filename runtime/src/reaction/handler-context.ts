import type { AnyMethod, CallOptions, Method } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { MessageTypes } from "../message/index.js";
import type { EventMeta } from "../projection/index.js";
import type { ReactionContext, ReactionScheduleOptions, ReactionSendOptions } from "./declaration.js";

const maxKeyLength = 100;

/** What reactions need of their app. */
export interface ReactionHost {
  /** Calls a method of the app and resolves with its response. */
  send(method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown>;
  /** Stores a command that is sent later. Resolves with its id. */
  schedule(method: AnyMethod, request: unknown, options: DeferredCall): Promise<string>;
  /** Aborts when the app stops without waiting any longer. */
  readonly signal: AbortSignal;
}

/** The options of a command that is sent later. */
export interface DeferredCall extends Omit<CallOptions, "commandId" | "signal"> {
  readonly at: Date;
  readonly id: string;
}

/** The context of one run of a handler. */
export class HandlerContext implements ReactionContext {
  readonly event: EventMeta;
  readonly signal: AbortSignal;
  private readonly reaction: string;
  private readonly host: Pick<ReactionHost, "send" | "schedule">;
  private readonly pending = new Set<Promise<unknown>>();
  private count = 0;
  private hasEnded = false;

  constructor(reaction: string, event: EventMeta, host: Pick<ReactionHost, "send" | "schedule">, signal: AbortSignal) {
    this.reaction = reaction;
    this.event = event;
    this.host = host;
    this.signal = signal;
  }

  get tenant(): string {
    return this.event.stream.tenant;
  }

  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    { key, ...options }: ReactionSendOptions = {},
  ): Promise<Res["message"]> {
    return this.call(method as unknown as AnyMethod, request, { ...options, commandId: this.nextId(key) });
  }

  schedule<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    { key, ...options }: ReactionScheduleOptions,
  ): Promise<string> {
    const { id, correlationId } = this.event;
    const call = { ...options, id: this.nextId(key), correlationId, causationId: id, tenant: this.tenant };
    return this.track(() => this.host.schedule(method as unknown as AnyMethod, request, call));
  }

  query<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "query">,
    request: Req["init"] | Req["message"],
    options: Pick<CallOptions, "metadata" | "user"> = {},
  ): Promise<Res["message"]> {
    return this.call(method as unknown as AnyMethod, request, options);
  }

  commandId(key: string): string {
    if (typeof key === "string" && key !== "" && key.length <= maxKeyLength) return `${this.prefix}:key:${key}`;
    throw new PotterError("invalid_argument", `the key of a command must be text of 1 to ${maxKeyLength} characters`);
  }

  /** Resolves when the calls that the handler did not wait for have ended. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }

  /** From now on, no call is possible. */
  end(): void {
    this.hasEnded = true;
  }

  private get prefix(): string {
    return `${this.reaction}:${this.event.id}`;
  }

  /** Counts every call, so that those without a key keep their numbers. */
  private nextId(key: string | undefined): string {
    const number = ++this.count;
    return key === undefined ? `${this.prefix}:${number}` : this.commandId(key);
  }

  private call(method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown> {
    const { id, correlationId } = this.event;
    const caused = { ...options, correlationId, causationId: id, tenant: this.tenant, signal: this.signal };
    return this.track(() => this.host.send(method, request, caused));
  }

  private async track<T>(begin: () => Promise<T>): Promise<T> {
    if (this.hasEnded) {
      const message = `the reaction ${this.reaction} has ended its handler: wait for everything that it does`;
      throw new PotterError("failed_precondition", message);
    }
    const call = begin();
    this.pending.add(call);
    const forget = () => this.pending.delete(call);
    call.then(forget, forget);
    return call;
  }
}
