import type { Expected, ExpectedCode, ExpectedObject } from "./expected.js";

/** A function that throws. It takes no parameters, so that it compiles whatever the compiler says of unused ones. */
export function stubFunction(label: string): ExpectedCode {
  return { kind: "code", stub: `() => { throw new Error(${JSON.stringify(`${label} is not written yet`)}); }` };
}

/** A value that needs no thought. */
export function stubValue(stub: string): ExpectedCode {
  return { kind: "code", stub };
}

/** An object whose keys are names of the contract: any other key is a name that the contract lost. */
export function closedObject(
  required: readonly (readonly [string, Expected])[],
  optional: readonly (readonly [string, Expected])[] = [],
): ExpectedObject {
  return { kind: "object", required: new Map(required), optional: new Map(optional), isClosed: true };
}

/** An object that also has settings. */
export function openObject(
  required: readonly (readonly [string, Expected])[],
  optional: readonly (readonly [string, Expected])[] = [],
): ExpectedObject {
  return { kind: "object", required: new Map(required), optional: new Map(optional), isClosed: false };
}

/** Prints what is expected as an expression, with all required keys. Formatting is left to prettier. */
export function printExpected(expected: Expected): string {
  if (expected.kind === "code") return expected.stub;
  const entries = [...expected.required].map(([key, value]) => printEntry(key, value));
  return entries.length === 0 ? "{}" : `{\n${entries.map((entry) => `${entry},\n`).join("")}}`;
}

/** Prints a property: `placeOrder: () => { … }`. */
export function printEntry(key: string, value: Expected): string {
  // As a plain property, `__proto__` would set the prototype.
  const isPlain = /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__";
  const name = key === "__proto__" ? '["__proto__"]' : isPlain ? key : JSON.stringify(key);
  return `${name}: ${printExpected(value)}`;
}
