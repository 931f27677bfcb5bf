import { parse as parseYaml } from "yaml";
import { CliError } from "../../cli-error.js";

/** A change that a review has accepted. */
export interface Acceptance {
  /** The code of the change. */
  readonly code: string;
  /** Its element. */
  readonly element: string;
  /** Why nothing that matters fails. */
  readonly reason: string;
  /** The last day on which it holds: `2026-12-31`. */
  readonly expires: string;
}

const keys = ["code", "element", "reason", "expires"] as const;

/** Reads a file of accepted changes. Throws a CliError that names the entry and what it lacks. */
export function readAccepted(text: string, file: string): readonly Acceptance[] {
  const entries = entriesIn(text, file);
  return entries.map((entry, at) => readEntry(entry, `${file}: entry ${at + 1}`));
}

function entriesIn(text: string, file: string): readonly unknown[] {
  let document: unknown;
  try {
    document = parseYaml(text) ?? {};
  } catch (error) {
    throw new CliError(`${file} is no valid YAML: ${error instanceof Error ? error.message : error}`, 2);
  }
  const isMapping = typeof document === "object" && document !== null && !Array.isArray(document);
  const { accepted: entries = [], ...others } = (isMapping ? document : { accepted: false }) as { accepted?: unknown };
  if (!Array.isArray(entries ?? []) || Object.keys(others).length > 0) {
    throw new CliError(`${file}: expected one key "accepted" with a list of entries`, 2);
  }
  return (entries ?? []) as readonly unknown[];
}

function readEntry(entry: unknown, title: string): Acceptance {
  const given = (typeof entry === "object" && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given)) {
    if (!keys.includes(key as never))
      throw new CliError(`${title} has the unknown key "${key}": expected ${keys.join(", ")}`, 2);
  }
  const [code, element, reason, expires] = keys.map((key) => {
    // YAML reads a date without quotes as a date.
    const value = given[key] instanceof Date ? (given[key] as Date).toISOString().slice(0, 10) : given[key];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    throw new CliError(`${title} has no ${key}: every entry needs ${keys.join(", ")}`, 2);
  }) as [string, string, string, string];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires))) {
    throw new CliError(`${title} expires on "${expires}": expected a date such as 2026-12-31`, 2);
  }
  return { code, element, reason, expires };
}
