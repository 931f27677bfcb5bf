import { PotterError } from "../../../errors/index.js";

/** What options accept, in words. */
export const durations = "milliseconds, a whole number above 0";
export const numbers = "a whole number above 0";

/** Throws a PotterError unless the option is a whole number from `min` to `max`. */
export function checkNumber(name: string, value: number, min: number, max: number, expected: string): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new PotterError("invalid_argument", `serve has ${name} ${value}: expected ${expected}`);
}
