import type { AnyCodec } from "../../message/index.js";

/** A command to record, with its response. */
export interface CommandRecord {
  /** The command id, which the caller chose. */
  readonly id: string;
  /** Distinguishes different requests under one id. */
  readonly requestHash: string;
  /** The encoded response. */
  readonly response: Uint8Array;
  /** Codec of the response, which finds its personal fields. Stores need not keep it. */
  readonly codec?: AnyCodec;
}

/** A recorded command, with the version of the stream after it. */
export type RecordedCommand = CommandRecord & { readonly version: number };

/** Reserves a command id while the command runs. */
export interface CommandReservation {
  /** The command id, which the caller chose. */
  readonly id: string;
  /** Distinguishes different requests under one id. */
  readonly requestHash: string;
  /** Identifies the process that runs it: a UUID. */
  readonly holder: string;
  /** How long the reservation lasts, in milliseconds by the store's clock. */
  readonly lease: number;
}

/** The outcome of a reservation. */
export type ReservationResult =
  | { readonly kind: "reserved" }
  /** The id is recorded already, for this request or another. */
  | { readonly kind: "recorded"; readonly command: RecordedCommand }
  /** Another holder has reserved the id. */
  | { readonly kind: "reserved_by_other"; readonly requestHash: string };
