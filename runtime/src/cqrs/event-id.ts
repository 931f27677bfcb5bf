const ids = new WeakMap<object, string>();

/**
 * Gives an item of a stream an id of its own, under which a client that lost its connection may go on: it comes back as
 * `ctx.lastEventId`. Returns the item. Throws for an id with a line break or a null character, which no event stream can carry.
 */
export function withStreamItemId<Item extends object>(item: Item, id: string): Item {
  if (id === "" || /[\0\r\n]/.test(id))
    throw new Error(`${JSON.stringify(id)} is no id of an event: expected a text of one line`);
  ids.set(item, id);
  return item;
}

/** The id that {@link withStreamItemId} gave. */
export function eventIdOf(item: unknown): string | undefined {
  return typeof item === "object" && item !== null ? ids.get(item) : undefined;
}
