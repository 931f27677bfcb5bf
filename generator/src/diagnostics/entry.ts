/** The severity of a code, and its words. */
export interface Entry<Args extends readonly unknown[] = readonly never[]> {
  readonly severity: "error" | "warning";
  message(...args: Args): string;
  hint?(...args: Args): string | undefined;
}

export function error<Args extends readonly string[]>(
  message: (...args: Args) => string,
  hint?: (...args: Args) => string | undefined,
): Entry<Args> {
  return { severity: "error", message, ...(hint && { hint }) };
}

export function warning<Args extends readonly string[]>(
  message: (...args: Args) => string,
  hint?: (...args: Args) => string | undefined,
): Entry<Args> {
  return { ...error(message, hint), severity: "warning" };
}

/** A noun with its article. */
export function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
