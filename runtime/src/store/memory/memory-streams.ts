import type { RecordedEvent, Snapshot, StoredSnapshot, StreamId, StreamInfo, StreamQuery } from "../ports/index.js";
import { compareUtf8 } from "../rows/index.js";

/** A stream in memory. */
export interface MemoryStream {
  readonly events: RecordedEvent[];
  snapshots: Map<number, StoredSnapshot> | undefined;
  closed: boolean;
  archivedVersion: number;
}

/** All streams, by tenant, type and id: three map look-ups cost less than one with a concatenated key. */
export class MemoryStreams {
  private readonly tenants = new Map<string, Map<string, Map<string, MemoryStream>>>();

  find({ tenant, type, id }: StreamId): MemoryStream | undefined {
    return this.tenants.get(tenant)?.get(type)?.get(id);
  }

  /** Creates a stream with these events. */
  open({ tenant, type, id }: StreamId, events: RecordedEvent[]): MemoryStream {
    const stream: MemoryStream = { events, snapshots: undefined, closed: false, archivedVersion: 0 };
    let types = this.tenants.get(tenant);
    if (types === undefined) {
      types = new Map();
      this.tenants.set(tenant, types);
    }
    let ids = types.get(type);
    if (ids === undefined) {
      ids = new Map();
      types.set(type, ids);
    }
    ids.set(id, stream);
    return stream;
  }

  /** Adds events to the end of a stream, and creates it if there is none. `found`: what `find` returns for it. */
  add(stream: StreamId, events: RecordedEvent[], found: MemoryStream | undefined = this.find(stream)): void {
    if (found === undefined) this.open(stream, events);
    else for (const event of events) found.events.push(event);
  }

  /** Keeps a snapshot, unless there is one of a later version. */
  keepSnapshot(stream: StreamId, snapshot: Snapshot, at: number): void {
    const found = this.find(stream);
    if (found === undefined) return;
    found.snapshots ??= new Map();
    const known = found.snapshots.get(snapshot.stateVersion);
    if (known !== undefined && known.version > snapshot.version) return;
    found.snapshots.set(snapshot.stateVersion, { ...snapshot, at });
  }

  list({ tenant, type, after, limit }: StreamQuery): readonly StreamInfo[] {
    const found: StreamInfo[] = [];
    for (const [tenantName, types] of this.tenants) {
      if (tenant !== undefined && tenantName !== tenant) continue;
      for (const [typeName, ids] of types) {
        if (type !== undefined && typeName !== type) continue;
        for (const [id, { events, closed, archivedVersion }] of ids) {
          found.push({
            stream: { tenant: tenantName, type: typeName, id },
            version: events.length,
            closed,
            archivedVersion,
          });
        }
      }
    }
    found.sort((a, b) => compareStreams(a.stream, b.stream));
    const first = after === undefined ? 0 : found.findIndex(({ stream }) => compareStreams(stream, after) > 0);
    return first < 0 ? [] : found.slice(first, first + limit);
  }
}

function compareStreams(a: StreamId, b: StreamId): number {
  return compareUtf8(a.tenant, b.tenant) || compareUtf8(a.type, b.type) || compareUtf8(a.id, b.id);
}
