/** The severity, message and hint of a code. */
export interface DiagnosticEntry<Args extends readonly unknown[] = readonly never[]> {
  readonly severity: "error" | "warning";
  message(...args: Args): string;
  hint?(...args: Args): string | undefined;
}

/** Defines a diagnostic that stops generation. */
export function error<Args extends readonly string[]>(
  message: (...args: Args) => string,
  hint?: (...args: Args) => string | undefined,
): DiagnosticEntry<Args> {
  return { severity: "error", message, ...(hint && { hint }) };
}

/** Defines a diagnostic that does not stop generation. */
export function warning<Args extends readonly string[]>(
  message: (...args: Args) => string,
  hint?: (...args: Args) => string | undefined,
): DiagnosticEntry<Args> {
  return { ...error(message, hint), severity: "warning" };
}

/** Prefixes a noun with its indefinite article. */
export function article(noun: string): string {
  return `${/^([aeiou]|rpc)/.test(noun) ? "an" : "a"} ${noun}`;
}
