/** Returns an object with some members replaced. It inherits all other members. */
export function extend<T extends object>(object: T, members: { readonly [K in keyof T]?: unknown }): T {
  return Object.assign(Object.create(object) as T, members);
}
