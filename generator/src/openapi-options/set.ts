/** The fields of an object that say something: undefined, false, and what is empty is left out. */
export function set<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const said = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(said) as { [K in keyof T]?: NonNullable<T[K]> };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** What the first says, and of what it leaves out what the next says. */
export function firstSaid<T extends object>(...options: readonly (T | undefined)[]): T {
  return Object.assign({}, ...options.map((one) => one && set(one)).reverse()) as T;
}
