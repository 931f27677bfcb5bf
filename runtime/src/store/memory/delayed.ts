/** Returns the same object, with a delay in milliseconds before these methods. */
export function delayed<T extends object>(object: T, milliseconds: number, methods: readonly (keyof T & string)[]): T {
  const slow = Object.create(object) as T;
  for (const name of methods) {
    const method = object[name] as (...given: unknown[]) => Promise<unknown>;
    const value = async (...given: unknown[]) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return method.apply(object, given);
    };
    Object.defineProperty(slow, name, { value });
  }
  return slow;
}
