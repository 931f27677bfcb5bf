/** Returns an object with some members replaced, getters too. It inherits all other members. */
export function extend<T extends object>(object: T, members: { readonly [K in keyof T]?: unknown }): T {
  const extended = Object.create(object) as T;
  for (const [name, value] of Object.entries(members)) {
    // Not assigned: a getter of the object would refuse that.
    Object.defineProperty(extended, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return extended;
}
