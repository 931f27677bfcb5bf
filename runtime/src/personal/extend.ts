/** The same object but for some of its members. It stays what it is to those who know it better. */
export function extend<T extends object>(object: T, members: { readonly [K in keyof T]?: unknown }): T {
  return Object.assign(Object.create(object) as T, members);
}
