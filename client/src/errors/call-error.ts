import type { PotterClientError } from "./client-error.js";
import type { Code } from "./code.js";

/**
 * The error of a call as a union that `error.name` discriminates: the declared errors of the method, each with its detail, and
 * one for each code.
 */
export type CallError<Errors> =
  | { [Name in keyof Errors & string]: PotterClientError<Name, Errors[Name]> }[keyof Errors & string]
  | { [Name in Code]: PotterClientError<Name, undefined> }[Code];

/** The outcome of a call as a value. */
export type Outcome<Value, Errors> =
  | { readonly ok: true; readonly value: Value; readonly error?: undefined }
  | { readonly ok: false; readonly error: CallError<Errors>; readonly value?: undefined };
