/** Reads the metadata of a call: HTTP headers, gRPC metadata. Names are lower case. */
export interface ReadonlyMetadata extends Iterable<readonly [name: string, value: string]> {
  /** The first value of a name. That of a name that ends in `-bin` is base64. */
  get(name: string): string | undefined;
  /** All values of a name, in their order. */
  getAll(name: string): readonly string[];
}

/** Metadata that can be written: what a handler adds to its response. */
export class Metadata implements ReadonlyMetadata {
  private readonly entries: [name: string, value: string][];

  /** Copies the entries; their names become lower case. */
  constructor(entries: Iterable<readonly [name: string, value: string]> = []) {
    this.entries = Array.from(entries, ([name, value]) => [name.toLowerCase(), value]);
  }

  /** The first value of a name; undefined: there is none. */
  get(name: string): string | undefined {
    return this.getAll(name)[0];
  }

  /** All values of a name, in the order in which they were added. */
  getAll(name: string): readonly string[] {
    return this.entries.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value);
  }

  /** Adds a value, beside those that the name has. */
  append(name: string, value: string): void {
    this.entries.push([name.toLowerCase(), value]);
  }

  /** All pairs of a name and a value, in the order in which they were added. A name with several values comes several times. */
  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.entries[Symbol.iterator]();
  }
}
