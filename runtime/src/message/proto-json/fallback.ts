/** The result of the compiled codec for input that it does not handle: then protobuf-es reads or writes the whole message. */
export const fallback: unique symbol = Symbol("fallback");

export type Fallback = typeof fallback;

/** The nesting limit of protobuf-es. */
export const mostLevels = 100;
