import { PotterError } from "../errors/index.js";

const ids = new WeakMap<object, string>();

/**
 * Sets the id of a stream item, so that a client can resume after it: a reconnecting client sends it back as `ctx.lastEventId`.
 * Returns the item. Throws if the id is empty or holds a line break or null character, which server-sent events cannot carry.
 */
export function withStreamItemId<Item extends object>(item: Item, id: string): Item {
  if (id === "" || /[\0\r\n]/.test(id))
    throw new PotterError("internal", `${JSON.stringify(id)} is not a valid item id: expected one line of text`);
  ids.set(item, id);
  return item;
}

/** The id that {@link withStreamItemId} set. */
export function streamItemIdOf(item: unknown): string | undefined {
  // What is no object has none.
  return ids.get(item as object);
}

/** Gives an item or a stream the id of another one, if that has one. Returns the item. */
export function withItemIdOf<Item extends object>(item: Item, other: unknown): Item {
  const id = streamItemIdOf(other);
  if (id !== undefined) ids.set(item, id);
  return item;
}
