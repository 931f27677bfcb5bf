/** The severity, message and hint of a code. */
export interface DiagnosticEntry<Args extends readonly unknown[] = readonly never[]> {
  /** Whether the diagnostic stops generation: only an error does. */
  readonly severity: "error" | "warning";
  /** What is wrong, with the names of the contract. */
  message(...args: Args): string;
  /** How to fix it. Default: no hint. */
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
