import type { AnyCodec } from "../../message/index.js";

/** The command on whose behalf is appended, to be recorded with its answer. */
export interface CommandRecord {
  readonly id: string;
  /** Tells apart different requests under one id. */
  readonly requestHash: string;
  /** The encoded answer. */
  readonly response: Uint8Array;
  /** Of the answer: so that what is personal in it can be told. No store need keep it. */
  readonly codec?: AnyCodec;
}

/** A command as it was recorded. */
export type RecordedCommand = CommandRecord & { readonly version: number };

/** A command that is about to be carried out. */
export interface CommandReservation {
  readonly id: string;
  readonly requestHash: string;
  /** Who carries it out: a UUID. */
  readonly holder: string;
  /** For how long it is reserved, by the store's clock: milliseconds. */
  readonly lease: number;
}

/** Whether a command may be carried out. */
export type ReservationResult =
  | { readonly kind: "reserved" }
  /** It was carried out before, this request or another. */
  | { readonly kind: "recorded"; readonly command: RecordedCommand }
  /** Another holder has it. */
  | { readonly kind: "reserved_by_other"; readonly requestHash: string };
