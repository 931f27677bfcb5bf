import type { Store } from "../../store/ports/index.js";

/** A case of a conformance suite. `run` rejects with an `ExpectationError` if the store fails it. */
export interface ConformanceCase {
  /** What the store must do, as a sentence for the title of a test. */
  readonly name: string;
  /** Opens a store, tests it and closes it. */
  run(): Promise<void>;
}

/** An empty store for one case. */
export interface StoreUnderTest {
  /** Started. */
  readonly store: Store;
  /** Returns another started store over the same data, as another process would have; in a single-process store, the store itself. */
  peer(): Promise<Store>;
  /** Stops the store and its peers and deletes the data. */
  close(): Promise<void>;
}

/** Opens an empty store to test. Called once for each case. */
export type OpenStore = () => Promise<StoreUnderTest>;

/** Defines a case that opens a store, and closes it in any case. */
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
