import type { CallContext, Clock, ExpectedVersion, View } from "../cqrs/index.js";

/** What query handlers are given: the call's context, with views. A class that hands on, since one is made for every query. */
export class DefaultQueryContext implements CallContext, Clock {
  readonly views: { readonly [name: string]: View };
  private readonly call: CallContext & Clock;

  constructor(call: CallContext & Clock, views: { readonly [name: string]: View }) {
    this.call = call;
    this.views = views;
  }

  get commandId(): string {
    return this.call.commandId;
  }
  get explicitCommandId(): boolean {
    return this.call.explicitCommandId;
  }
  get correlationId(): string {
    return this.call.correlationId;
  }
  get causationId(): string | undefined {
    return this.call.causationId;
  }
  get tenant(): string {
    return this.call.tenant;
  }
  get expectedVersion(): ExpectedVersion | undefined {
    return this.call.expectedVersion;
  }
  get metadata(): Readonly<Record<string, string>> {
    return this.call.metadata;
  }
  get signal(): AbortSignal | undefined {
    return this.call.signal;
  }
  get lastEventId(): string | undefined {
    return this.call.lastEventId;
  }

  now(): number {
    return this.call.now();
  }

  newId(): string {
    return this.call.newId();
  }
}
