/**
 * Resolves a name by the scoping rules of proto: from the innermost scope outwards; a leading dot makes a name absolute. `get` returns
 * the element with a full name.
 */
export function resolveName<T>(name: string, scope: string, get: (full: string) => T | undefined): T | undefined {
  if (name.startsWith(".")) return get(name.slice(1));
  for (let prefix = scope; ; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("."), 0))) {
    const found = get(prefix === "" ? name : `${prefix}.${name}`);
    if (found !== undefined || prefix === "") return found;
  }
}
