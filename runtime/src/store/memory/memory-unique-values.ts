import type { StreamId, UniqueValueChange } from "../ports/index.js";

/** The stream that holds each unique value. */
export class MemoryUniqueValues {
  private readonly owners = new Map<string, StreamId>();
  /** The data subject of each value that is personal data. */
  private readonly subjects = new Map<string, string>();

  /** Returns the first reservation of a value that another stream holds, if the streams make their changes in this order. */
  findTaken(changes: Iterable<readonly [StreamId, readonly UniqueValueChange[]]>): UniqueValueChange | undefined {
    const pending = new Map<string, StreamId | undefined>();
    const ownerOf = (id: string) => (pending.has(id) ? pending.get(id) : this.owners.get(id));
    const ordered = Array.from(changes, ([stream, list]) => [stream, releasesFirst(list)] as const);
    for (const [stream, list] of ordered) {
      for (const change of list) {
        const id = idOf(stream.tenant, change);
        const owner = ownerOf(id);
        if (owner !== undefined && !same(owner, stream)) {
          if (change.action === "reserve") return change;
        } else pending.set(id, change.action === "reserve" ? stream : undefined);
      }
    }
    return undefined;
  }

  /** Applies changes for which {@link findTaken} returned undefined. */
  apply(stream: StreamId, changes: readonly UniqueValueChange[]): void {
    for (const change of releasesFirst(changes)) {
      const id = idOf(stream.tenant, change);
      const owner = this.owners.get(id);
      if (change.action === "reserve") {
        this.owners.set(id, stream);
        if (owner === undefined && change.subject !== undefined) {
          this.subjects.set(id, subjectOf(stream.tenant, change.subject));
        }
      } else if (owner !== undefined && same(owner, stream)) this.release(id);
    }
  }

  /** Releases the values that are personal data of a subject. Returns their number. */
  releaseOf(tenant: string, subject: string): number {
    const wanted = subjectOf(tenant, subject);
    const found = [...this.subjects].filter(([, owner]) => owner === wanted);
    for (const [id] of found) this.release(id);
    return found.length;
  }

  private release(id: string): void {
    this.owners.delete(id);
    this.subjects.delete(id);
  }
}

/** Releases come first, so that a value that is released and reserved in one append stays reserved. */
function releasesFirst(changes: readonly UniqueValueChange[]): readonly UniqueValueChange[] {
  return [...changes].sort((a, b) => Number(a.action === "reserve") - Number(b.action === "reserve"));
}

function idOf(tenant: string, { index, value }: UniqueValueChange): string {
  return JSON.stringify([tenant, index, value]);
}

function subjectOf(tenant: string, subject: string): string {
  return JSON.stringify([tenant, subject]);
}

function same(a: StreamId, b: StreamId): boolean {
  return a.id === b.id && a.type === b.type && a.tenant === b.tenant;
}
