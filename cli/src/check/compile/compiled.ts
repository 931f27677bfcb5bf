import type { FindSource } from "./sources.js";

/** A compiled contract. */
export interface Compiled {
  /** How messages call it: `main (0f1e2d3c4b5a)`. */
  readonly title: string;
  /** Its image. */
  readonly image: Uint8Array;
  /** Finds its sources. */
  readonly find: FindSource;
  /** The text of its potter.lock; empty: it has none. */
  readonly lock: string;
}
