/** Returns the name by which the text of a function can use a value. */
export type Refer = (value: unknown) => string;

/** Undefined until something is compiled, since the probe runs only when needed. */
let allowed: boolean | undefined;

/**
 * Allows or forbids compiling text in this process, whatever the platform allows; undefined probes the platform again.
 * For tests, which run both forms. What is compiled already stays.
 */
export function setTextAllowed(value: boolean | undefined): void {
  allowed = value;
}

/**
 * Returns the function whose source text `write` returns, as an expression; undefined where the platform forbids
 * compiling text (a content security policy, `--disallow-code-generation-from-strings`, most edge platforms). The text must be
 * made of constants, of what `literal` and `property` return, and of names that `refer` returns. Values of users must never be
 * part of it: `refer` passes them.
 */
export function compileText<F>(write: (refer: Refer) => string): F | undefined {
  if (!isTextAllowed()) return undefined;
  const values: unknown[] = [];
  const names: string[] = [];
  const text = write((value) => {
    const known = values.indexOf(value);
    if (known >= 0) return names[known] as string;
    const name = `$${values.length}`;
    values.push(value);
    names.push(name);
    return name;
  });
  let create: (...values: unknown[]) => F;
  try {
    create = newFunction(...names, `"use strict";return ${text}`);
  } catch (error) {
    // A platform may allow text while modules load, and forbid it later.
    if (error instanceof SyntaxError) throw error;
    allowed = false;
    return undefined;
  }
  return create(...values);
}

function isTextAllowed(): boolean {
  if (allowed === undefined) {
    try {
      allowed = newFunction<number>("return 1")() === 1;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** Bundlers for edge platforms refuse code that names `Function`, even where it is never called. */
const FunctionConstructor = Object.getPrototypeOf(isTextAllowed).constructor as new (...text: string[]) => unknown;

function newFunction<R>(...text: string[]): (...values: unknown[]) => R {
  return new FunctionConstructor(...text) as (...values: unknown[]) => R;
}

/** Returns the text of a constant. */
export function literal(value: string | number | bigint | boolean): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return JSON.stringify(value);
}

/** Returns the text that follows an object to access a property. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
