import type { Expected } from "../contract/index.js";
import type { Place } from "./gap.js";

/** Something that only a person can do, or decide. */
export interface Note {
  /**
   * `lost`: user code for a name that the contract no longer has. `hidden`: keys that cannot be seen, or a place that must not be
   * edited. `unclear`: nothing was created, since the behaviour may be declared in a way that cannot be followed. `unlisted`: a part
   * that no app has. `unreadable`: a file that cannot be read or parsed. `refused`: an edit that failed a check, or a write that
   * failed.
   */
  readonly kind: "lost" | "hidden" | "unclear" | "unlisted" | "unreadable" | "refused";
  /** What it is about: `Order.decide.placeOrder`, `Order.decider`, or a file. */
  readonly element: string;
  /** Where. undefined: in no file. */
  readonly place: Place | undefined;
  /** What, and what to do. */
  readonly message: string;
  /** What to paste, before it is formatted. Empty: nothing. */
  readonly paste: readonly (readonly [string, Expected])[];
}
