/** The same items; calls back once when they have ended, have failed or were left. */
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
      // First: its source may be at work on an item, and wait for the very signal.
      end();
      await open().return?.();
      return { done: true, value: undefined };
    },
  };
}
