import type { CallContext, Clock } from "./context.js";
import type { ExpectedVersion } from "./expected-version.js";
import type { Metadata, ReadonlyMetadata } from "./metadata.js";

/**
 * Base of contexts that add to the context of a call. Forwards by getters, since contexts are created for every call and their
 * lazily created values must stay lazy.
 */
export abstract class ForwardedContext implements CallContext {
  protected readonly call: CallContext & Clock;

  constructor(call: CallContext & Clock) {
    this.call = call;
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
  get user(): string {
    return this.call.user;
  }
  get tenants(): readonly string[] | "any" | undefined {
    return this.call.tenants;
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
  get fieldMask(): readonly string[] | undefined {
    return this.call.fieldMask;
  }

  get requestHeaders(): ReadonlyMetadata {
    return this.call.requestHeaders;
  }
  get responseHeaders(): Metadata {
    return this.call.responseHeaders;
  }
  get responseTrailers(): Metadata {
    return this.call.responseTrailers;
  }

  newId(): string {
    return this.call.newId();
  }
}
