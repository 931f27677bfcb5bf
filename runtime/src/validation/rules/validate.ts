import type { Violation } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";

/** Checks a message of one type. No violations: it is valid. */
export type Validate = (message: unknown) => readonly Violation[];

/** Gives the check of a type, or `undefined` for a type without rules, so that callers can leave it out. */
export type Validation = (codec: AnyCodec) => Validate | undefined;
