import type { Node, ObjectLiteralExpression } from "ts-morph";
import type { Expected, ExpectedPart } from "../contract/index.js";

/** A place in a user's file. Lines and columns count from 1; what concerns a whole file has none. */
export interface Place {
  /** The path, relative to the project. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

/** A key that the contract requires and a literal lacks. */
export interface MissingKey {
  /** The part that requires it. */
  readonly part: ExpectedPart;
  /** The literal. */
  readonly literal: ObjectLiteralExpression;
  /** Where the literal is in the behaviour: `["decide"]`. */
  readonly slot: readonly string[];
  /** The key and its value. */
  readonly key: string;
  readonly value: Expected;
}

/** A key that the contract does not have. */
export interface ExtraKey {
  readonly part: ExpectedPart;
  readonly slot: readonly string[];
  readonly key: string;
  readonly node: Node;
}

/** A place whose keys cannot be seen, or that must not be edited. */
export interface HiddenKeys {
  readonly part: ExpectedPart;
  readonly slot: readonly string[];
  /** The keys that may be missing, with their values. */
  readonly keys: readonly (readonly [string, Expected])[];
  /** The expression that hides them. */
  readonly node: Node;
  /** Why, as half a sentence. */
  readonly reason: string;
}

/** What one behaviour lacks, has in excess and hides. */
export interface Gaps {
  readonly part: ExpectedPart;
  readonly missing: readonly MissingKey[];
  readonly extra: readonly ExtraKey[];
  readonly hidden: readonly HiddenKeys[];
  /** The literals that were compared, with their slots, to find those that several parts share. */
  readonly literals: readonly { readonly literal: ObjectLiteralExpression; readonly slot: readonly string[] }[];
}
