import type { CallOptions, ExpectedVersion } from "../../cqrs/index.js";
import { type CallerOptions, type HttpRequest, readCommandId, readExpectedVersion } from "../../http/index.js";

/**
 * What the headers of a request say of its call. A class, since an object literal with a getter costs a hidden class
 * each time; a getter, since a signal is dear and most handlers never ask for it.
 */
export class RequestOptions implements CallOptions {
  readonly commandId?: string;
  readonly expectedVersion?: ExpectedVersion;
  readonly lastEventId?: string;
  readonly correlationId: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[] | "any" | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Set where a deadline ends the call. */
  deadline: AbortSignal | undefined;
  private readonly request: HttpRequest;

  constructor(request: HttpRequest, command: boolean, stream: boolean, correlationId: string, caller?: CallerOptions) {
    this.request = request;
    this.deadline = undefined;
    this.correlationId = correlationId;
    if (caller !== undefined) {
      if (caller.user !== undefined) this.user = caller.user;
      if (caller.tenant !== undefined) this.tenant = caller.tenant;
      if (caller.metadata !== undefined) this.metadata = caller.metadata;
      this.tenants = caller.tenants;
    }
    if (stream) {
      const last = request.header("last-event-id");
      if (last !== undefined && last !== "") this.lastEventId = last;
    }
    if (!command) return;
    const commandId = readCommandId(request);
    if (commandId !== undefined) this.commandId = commandId;
    const expectedVersion = readExpectedVersion(request);
    if (expectedVersion !== undefined) this.expectedVersion = expectedVersion;
  }

  get signal(): AbortSignal {
    return this.deadline ?? this.request.signal;
  }
}
