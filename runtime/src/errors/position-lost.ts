import { type ErrorDetail, PotterError } from "./potter-error.js";

const info = { reason: "POSITION_LOST", domain: "potter" };

/** What google.rpc.ErrorInfo says, so that programs need not read the message. */
const detail: ErrorDetail = {
  typeName: "google.rpc.ErrorInfo",
  json: info,
  // Two short strings, the fields 1 and 2.
  encode: () => Uint8Array.from([...field(1, info.reason), ...field(2, info.domain)]),
};

/**
 * The error for a position of the log that the store does not have, with the reason `POSITION_LOST`: the client has to load what it
 * knows again. `what` names what was given, such as `potter-after`.
 */
export function positionLost(what: string): PotterError {
  return new PotterError(
    "out_of_range",
    `${what} is not a position of this store and tenant: the store was emptied, restored or replaced; load again without it`,
    { details: [detail] },
  );
}

function field(number: number, text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text);
  return [(number << 3) | 2, bytes.length, ...bytes];
}
