import { checkCommand, checkRowAppend } from "../checks/index.js";
import { streamMapKey, toEarlyEvent, withData } from "../events/index.js";
import type { AppendRequest, CommandRecord, RecordedEvent } from "../ports/index.js";
import { type ReadRows, RowBuffer, type TenantCommand } from "../rows/index.js";
import { toRecordedEvents } from "./memory-recorded-events.js";
import type { MemoryRefusals } from "./memory-refusals.js";

/** An append of a transaction over rows, and the time of its events. */
export interface RowAppend {
  readonly request: AppendRequest;
  readonly at: number;
}

/** The clock, and the largest event that is given as bytes. */
interface AppendLimits {
  readonly now: () => number;
  readonly maxEventSize: number;
}

/** Rows of a transaction that may record commands. */
export class RecordingRows extends RowBuffer {
  readonly isDetached = true;
  readonly records: TenantCommand[] = [];

  async record(tenant: string, command: CommandRecord): Promise<void> {
    checkCommand(tenant, command);
    this.records.push({ tenant, command });
  }
}

/** Rows of a transaction that may append. */
export class AppendingRows extends RecordingRows {
  readonly appends: RowAppend[] = [];
  private readonly parts: AppendLimits;

  constructor(read: ReadRows, parts: AppendLimits) {
    super(read);
    this.parts = parts;
  }

  append(request: AppendRequest): Promise<void> {
    return this.attempt(async () => {
      checkRowAppend(request, this.parts.maxEventSize);
      const at = this.parts.now();
      await request.inline?.(toEarlyEvents(request, at), this);
      this.appends.push({ request, at });
      this.onUndo(() => this.appends.pop());
    });
  }
}

function toEarlyEvents(request: AppendRequest, at: number): readonly RecordedEvent[] {
  const assigned = {
    get position(): number {
      throw new Error("the position of an event is available when it is appended only");
    },
    at,
  };
  return toRecordedEvents(request, request, 0, at).map((event) => {
    const early = toEarlyEvent(event, event.bytes as Uint8Array, assigned);
    return event.bytes === undefined ? withData(early, event.data) : early;
  });
}

/** Appends of transactions over rows. */
export class MemoryRowAppends {
  private readonly parts: AppendLimits;
  private readonly refusals: MemoryRefusals;
  private readonly add: (append: RowAppend) => void;

  /** `add` makes an append that is not refused. */
  constructor(parts: AppendLimits, refusals: MemoryRefusals, add: (append: RowAppend) => void) {
    this.parts = parts;
    this.refusals = refusals;
    this.add = add;
  }

  begin(read: ReadRows): AppendingRows {
    return new AppendingRows(read, this.parts);
  }

  /** Makes all appends. false: one is refused, and none was made. */
  commit(appends: readonly RowAppend[]): boolean {
    if (!this.areAccepted(appends)) return false;
    for (const append of appends) this.add(append);
    return true;
  }

  /** Whether none is refused, each made after those before it. */
  private areAccepted(appends: readonly RowAppend[]): boolean {
    const versions = new Map<string, number>();
    const commands = new Set<string>();
    return appends.every(({ request }) => {
      const { stream, expectedVersion, events, command } = request;
      const key = streamMapKey(stream);
      const known = versions.get(key);
      versions.set(key, expectedVersion + events.length);
      if (command !== undefined && commands.size === commands.add(command.id).size) return false;
      if (known === undefined) return this.refusals.ofOne(request) === undefined;
      return known === expectedVersion && this.refusals.ofCommand(request) === undefined;
    });
  }
}
