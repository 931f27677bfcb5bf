/** Returns the same items, and calls back once when the iteration ends, fails or is abandoned. */
export function onEnd<Item>(items: AsyncIterable<Item>, callback: () => void): AsyncIterableIterator<Item> {
  let isOver = false;
  const end = (): void => {
    if (!isOver) callback();
    isOver = true;
  };
  let opened: AsyncIterator<Item> | undefined;
  const open = (): AsyncIterator<Item> => {
    opened ??= items[Symbol.asyncIterator]();
    return opened;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const step = await open().next();
        if (step.done === true) end();
        return step;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      // Called first, since the source may be producing an item and wait for the signal that this callback aborts.
      end();
      await open().return?.();
      return { done: true, value: undefined };
    },
  };
}
