import { PotterError } from "../../errors/index.js";

type Kind = "text" | "flag" | "time" | "signal";

/** What the members of options may be. */
const kinds: Readonly<Record<Kind, { readonly expected: string; isValid(value: unknown): boolean }>> = {
  text: { expected: "a text", isValid: (value) => typeof value === "string" },
  flag: { expected: "true or false", isValid: (value) => typeof value === "boolean" },
  time: { expected: "a valid Date", isValid: (value) => isDate(value) && !Number.isNaN(value.getTime()) },
  signal: { expected: "an AbortSignal", isValid: isSignal },
};

/**
 * Checks options that code without types, or with a cast, may pass: a text in the place of an object would be taken for no options, and
 * `retry` would repeat all steps instead of one. Throws `invalid_argument`.
 */
export function checkOptions(options: unknown, members: { readonly [name: string]: Kind }): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) {
    throw refusal("the options argument", options, `an object such as { ${Object.keys(members)[0]}: … }`);
  }
  for (const [name, kind] of Object.entries(members)) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && !kinds[kind].isValid(value)) throw refusal(name, value, kinds[kind].expected);
  }
}

/** Checks the id of a saga, or the name of a step. No saga and no step has the empty one. Throws `invalid_argument`. */
export function checkName(what: string, name: unknown): void {
  if (typeof name !== "string" || name === "") throw refusal(what, name, "a text that is not empty");
}

/** The error for a value that cannot be used. */
export function refusal(what: string, value: unknown, expected: string): PotterError {
  return new PotterError("invalid_argument", `${what} is ${describe(value)}: expected ${expected}`);
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return isDate(value) ? String(value) : "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** Not by `instanceof`, since a test or a worker may have classes of its own. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

function isSignal(value: unknown): boolean {
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}
