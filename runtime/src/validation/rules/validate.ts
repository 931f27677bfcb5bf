import type { Violation } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";

/** Validates a message of one type. Returns an empty list for a valid message. */
export type Validate = (message: unknown) => readonly Violation[];

/** Returns the check of a type, or `undefined` for a type without rules. */
export type Validation = (codec: AnyCodec) => Validate | undefined;
