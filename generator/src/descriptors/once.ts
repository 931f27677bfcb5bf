/**
 * A pure function of descriptors that remembers its results. A descriptor never changes, and what it imports is part of it; a watcher
 * keeps those of files that are as they were, so that this is found out once.
 */
export function oncePer<Desc extends object, Result>(read: (desc: Desc) => Result): (desc: Desc) => Result {
  const known = new WeakMap<Desc, { readonly result: Result }>();
  return (desc) => {
    let entry = known.get(desc);
    if (entry === undefined) {
      entry = { result: read(desc) };
      known.set(desc, entry);
    }
    return entry.result;
  };
}
