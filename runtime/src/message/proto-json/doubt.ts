/** The result of the compiled codec for input that it does not handle: then protobuf-es reads or writes the whole message. */
export const doubt: unique symbol = Symbol("doubt");

export type Doubt = typeof doubt;

/** The nesting limit of protobuf-es. */
export const mostLevels = 100;
