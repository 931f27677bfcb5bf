import type { Note } from "./plan/index.js";
import type { InsertedKey } from "./prepare.js";

/** What was done, or would be done in a dry run. */
export interface ScaffoldResult {
  readonly isDryRun: boolean;
  /** Files into which something was inserted. */
  readonly changed: readonly { readonly path: string; readonly keys: readonly InsertedKey[] }[];
  /** Files that were created. */
  readonly created: readonly {
    readonly path: string;
    /** `aggregate Order`. */
    readonly part: string;
    /** Why there. */
    readonly reason: string;
    /** What the file exports. */
    readonly constant: string;
    /** To what it is to be added: `the parts of createApp in src/app.ts`. */
    readonly into: string;
  }[];
  /** What only a person can do. */
  readonly notes: readonly Note[];
  /** The changes as a unified diff. */
  readonly diff: string;
}
