import type { EventSchema, EventSchemaStore } from "../ports/index.js";

/** Declarations of events, in memory. */
export class MemoryEventSchemaStore implements EventSchemaStore {
  private readonly schemas: EventSchema[] = [];
  private readonly bytes = new Map<string, Uint8Array>();

  async list(): Promise<readonly EventSchema[]> {
    return [...this.schemas];
  }

  async add(
    schemas: readonly EventSchema[],
    descriptors: ReadonlyMap<string, Uint8Array>,
    known: number,
  ): Promise<boolean> {
    if (this.schemas.length !== known) return false;
    for (const [hash, bytes] of descriptors) if (!this.bytes.has(hash)) this.bytes.set(hash, bytes.slice());
    this.schemas.push(...schemas);
    return true;
  }

  async descriptors(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const known = hashes.filter((hash) => this.bytes.has(hash));
    return new Map(known.map((hash) => [hash, (this.bytes.get(hash) as Uint8Array).slice()]));
  }
}
