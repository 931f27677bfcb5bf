/** The metadata of a call as the runtime reads and writes it. */
export class LocalMetadata implements Iterable<readonly [name: string, value: string]> {
  readonly #entries: [name: string, value: string][];

  constructor(entries: Iterable<[name: string, value: string]> = []) {
    this.#entries = [...entries];
  }

  get(name: string): string | undefined {
    return this.getAll(name)[0];
  }

  getAll(name: string): readonly string[] {
    return this.#entries.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value);
  }

  append(name: string, value: string): void {
    this.#entries.push([name.toLowerCase(), value]);
  }

  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#entries[Symbol.iterator]();
  }

  /** As the headers of a response. */
  toHeaders(): Map<string, string> {
    const headers = new Map<string, string>();
    for (const [name] of this.#entries) headers.set(name, this.getAll(name).join(", "));
    return headers;
  }
}
