import { isPotterError, PotterError } from "./potter-error.js";

/**
 * What a stub of `potter generate` throws. It imports nothing, so that it can be inserted into any file: its message, which
 * consists of names of the contract, is all that distinguishes its error.
 */
const stub = /^[\w$]+(?:\.[\w$]+)+ is not written yet$/;

/** Whether a message is that of a stub that `potter generate` has inserted. It quotes nothing but names of the contract. */
export function isStubMessage(message: string): boolean {
  return stub.test(message);
}

/**
 * The error of code that is not written yet, as a PotterError with `unimplemented`; undefined: it is another error. What was
 * given to this code is not at fault, and a retry succeeds when a process has the code.
 */
export function toUnimplemented(error: unknown): PotterError | undefined {
  if (isPotterError(error)) return error.code === "unimplemented" ? error : undefined;
  if (!(error instanceof Error) || !isStubMessage(error.message)) return undefined;
  return new PotterError("unimplemented", error.message, { cause: error });
}

/** Whether an error is that of code that is not written yet. */
export function isUnimplemented(error: unknown): boolean {
  return toUnimplemented(error) !== undefined;
}
