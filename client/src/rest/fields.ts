/** A request as ProtoJSON, of which parts are taken. */
export type Fields = Record<string, unknown>;

/** Returns a field by its path, such as `book.name`, and removes it. Objects of the caller are not changed. */
export function takeField(fields: Fields, path: string): unknown {
  const [name = "", ...rest] = path.split(".");
  const value = fields[name];
  if (rest.length === 0) {
    delete fields[name];
    return value;
  }
  if (!isObject(value)) return undefined;
  const copy = { ...value };
  fields[name] = copy;
  return takeField(copy, rest.join("."));
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
