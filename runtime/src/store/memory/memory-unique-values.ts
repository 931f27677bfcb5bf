import type { StreamId, UniqueValueChange } from "../ports/index.js";

/** Which stream holds which value, in this process. */
export class MemoryUniqueValues {
  private readonly owners = new Map<string, StreamId>();
  /** Which of them are personal data, and whose. */
  private readonly subjects = new Map<string, string>();

  /** The first claim that another stream stands in the way of, if each stream made its changes in turn. */
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

  /** Makes changes that {@link findTaken} found nothing against. */
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

  /** Releases the values that are personal data of a subject, and gives their number. */
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

/** A value that is given back and taken again in one append stays. */
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
