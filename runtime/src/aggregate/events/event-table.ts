/** Values by the stored type and version of an event. The definition is no key: generated files may contain it more than once. */
export class EventTable<T> {
  private readonly types = new Map<string, Map<number, T>>();

  get(type: string, version: number): T | undefined {
    return this.types.get(type)?.get(version);
  }

  /** Each value with its stored type. */
  *entries(): Generator<readonly [string, T]> {
    for (const [type, versions] of this.types) for (const value of versions.values()) yield [type, value];
  }

  set(type: string, version: number, value: T): void {
    let versions = this.types.get(type);
    if (versions === undefined) {
      versions = new Map();
      this.types.set(type, versions);
    }
    versions.set(version, value);
  }
}
