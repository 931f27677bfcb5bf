import type { Severity, Surface } from "./finding.js";

/** A kind of change: how bad it is, and what its findings say. */
export interface FindingEntry<Args extends readonly string[] = readonly never[]> {
  /** What it affects. */
  readonly surface: Surface;
  /** How bad it is. */
  readonly severity: Severity;
  /** The change in general, for the table of codes in the guide. */
  readonly summary: string;
  /** An element as reports name it, and the arguments of the texts: for the page of the code. */
  readonly example: Example;
  /** What has changed, with the names of the contract. */
  message(...args: Args): string;
  /** What fails, and for whom. */
  effect(...args: Args): string;
  /** How to avoid it. */
  remedy(...args: Args): string;
}

type Example = readonly [element: string, ...args: readonly string[]];

/** The texts of an entry. An effect or remedy that needs no names is a string. */
interface Texts<Args extends readonly string[]> {
  readonly summary: string;
  readonly example: Example;
  readonly message: (...args: Args) => string;
  readonly effect: string | ((...args: Args) => string);
  readonly remedy: string | ((...args: Args) => string);
}

type Define = <Args extends readonly string[]>(texts: Texts<Args>) => FindingEntry<Args>;

/** Returns functions that define the entries of a surface, one for each severity. */
export function entriesOf(surface: Surface): Readonly<Record<Severity, Define>> {
  const define =
    (severity: Severity): Define =>
    ({ summary, example, message, effect, remedy }) => ({
      surface,
      severity,
      summary,
      example,
      message,
      effect: typeof effect === "string" ? () => effect : effect,
      remedy: typeof remedy === "string" ? () => remedy : remedy,
    });
  return { breaking: define("breaking"), dangerous: define("dangerous"), compatible: define("compatible") };
}
