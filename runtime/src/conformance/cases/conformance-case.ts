import type { Store } from "../../store/ports/index.js";

/** One thing that every adapter of a port must do. Rejects with an ExpectationError when it does not. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** An empty store of its own, for one case. */
export interface StoreUnderTest {
  /** Started. */
  readonly store: Store;
  /** What another process would have: a started store over the same data. Where there can be but one process, the store itself. */
  peer(): Promise<Store>;
  /** Stops the store and its peers and throws the data away. */
  close(): Promise<void>;
}

/** Opens what a conformance suite is to test. */
export type OpenStore = () => Promise<StoreUnderTest>;

/** A case that opens a store, and closes it however it ends. */
export function defineCase(
  open: OpenStore,
  name: string,
  test: (under: StoreUnderTest) => Promise<void>,
): ConformanceCase {
  return {
    name,
    async run() {
      const under = await open();
      try {
        await test(under);
      } finally {
        await under.close();
      }
    },
  };
}
