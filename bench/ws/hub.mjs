/** Who follows what a server publishes, for servers whose handlers are async iterables. */
export class Hub {
  #followers = new Set();

  publish(item) {
    for (const take of this.#followers) take(item);
  }

  /** What is published from now on, until the signal aborts. */
  async *follow(signal) {
    let items = [];
    let wake = () => {};
    const take = (item) => {
      items.push(item);
      wake();
    };
    this.#followers.add(take);
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const next = items;
        items = [];
        yield* next;
        if (items.length > 0 || signal.aborted) continue;
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#followers.delete(take);
      signal.removeEventListener("abort", onAbort);
    }
  }
}
