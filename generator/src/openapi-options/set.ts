/** The fields of an object that have a value: undefined, false and empty values are left out. */
export function set<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const present = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Merges options field by field: the first that sets a field wins. */
export function firstSet<T extends object>(...options: readonly (T | undefined)[]): T {
  return Object.assign({}, ...options.map((one) => one && set(one)).reverse()) as T;
}
