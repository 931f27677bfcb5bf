/** What the compiled codec gives where it is not sure: then protobuf-es reads or writes the whole message, and has the last word. */
export const doubt: unique symbol = Symbol("doubt");

export type Doubt = typeof doubt;

/** As deep as protobuf-es reads. */
export const mostLevels = 100;
