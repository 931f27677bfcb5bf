/** Levels of nesting that are copied. */
const maxDepth = 32;

/** A value of a copy: a primitive value as it is, anything else as a copy of it. */
type Copied = string | number | bigint | boolean | symbol | undefined | null | DataCopy;

/**
 * A copy of plain data, which shows whether the data has changed since. It costs much less than to write the data as JSON again.
 */
export class DataCopy {
  private readonly prototype: object | null;
  private readonly keys: readonly string[];
  private readonly values: readonly Copied[];

  /** Of a date. */
  private readonly time: number | undefined;

  private constructor(value: object, keys: readonly string[], values: readonly Copied[]) {
    this.prototype = Object.getPrototypeOf(value);
    this.keys = keys;
    this.values = values;
    this.time = value instanceof Date ? value.getTime() : undefined;
  }

  /** Copies an object. Returns undefined for one that may hold more than its properties show. */
  static of(value: object, depth: number = maxDepth): DataCopy | undefined {
    if (depth === 0 || !isPlain(value)) return undefined;
    const keys: string[] = [];
    const values: Copied[] = [];
    // With what is inherited: messages of protobuf-es inherit the defaults of fields with presence.
    for (const key in value) {
      const one = (value as Readonly<Record<string, unknown>>)[key];
      const copied = typeof one === "object" && one !== null ? DataCopy.of(one, depth - 1) : (one as Copied);
      if (typeof one === "function" || (copied === undefined && one !== undefined)) return undefined;
      keys.push(key);
      values.push(copied);
    }
    return new DataCopy(value, keys, values);
  }

  /** Whether an object is the same as what was copied. */
  equals(value: object): boolean {
    const { keys, values } = this;
    if (Object.getPrototypeOf(value) !== this.prototype) return false;
    if (this.time !== undefined && !Object.is((value as Date).getTime(), this.time)) return false;
    let at = 0;
    for (const key in value) {
      if (key !== keys[at]) return false;
      const one = (value as Readonly<Record<string, unknown>>)[key];
      const copied = values[at];
      if (copied instanceof DataCopy) {
        if (typeof one !== "object" || one === null || !copied.equals(one)) return false;
      } else if (!Object.is(one, copied)) return false;
      at++;
    }
    return at === keys.length;
  }
}

/** Objects, lists, messages, bytes and dates. Others, such as maps, hold what is no property. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || plain.has(prototype) || "$typeName" in value;
}

const plain: ReadonlySet<object> = new Set([Object, Array, Uint8Array, Date].map(({ prototype }) => prototype));
