import type { ExpectedContract } from "../contract/index.js";
import { type Insertion, insertAll, removeAll } from "../insert/index.js";
import { type GeneratedLayout, UserSources, type UserTexts } from "../places/index.js";
import { plan } from "../plan/index.js";

/** Insertions into one file. */
export interface FileEdit {
  /** The file. */
  readonly path: string;
  /** What is inserted, in any order. */
  readonly insertions: readonly Insertion[];
}

/** An edit that must not be written, and why. */
export interface RefusedEdit<E extends FileEdit> {
  readonly edit: E;
  /** The condition that does not hold, as half a sentence. */
  readonly reason: string;
}

/** Edits by whether they may be written. */
export interface Verified<E extends FileEdit> {
  /** Edits that hold all conditions, with the new texts. */
  readonly accepted: readonly (E & { readonly text: string })[];
  readonly refused: readonly RefusedEdit<E>[];
}

/**
 * Checks edits before anything is written: without what is inserted the text is the old one, it parses, and another run would find
 * nothing to insert in it. The condition that the file has not changed since it was read is checked when it is written.
 */
export function verify<E extends FileEdit>(
  edits: readonly E[],
  contract: ExpectedContract,
  texts: UserTexts,
  layout: GeneratedLayout,
): Verified<E> {
  const refused: RefusedEdit<E>[] = [];
  let accepted: (E & { readonly text: string })[] = [];
  for (const edit of edits) {
    const old = texts.get(edit.path) ?? "";
    const text = insertAll(old, edit.insertions);
    const reason = checkText(edit, old, text);
    if (reason === undefined) accepted.push({ ...edit, text });
    else refused.push({ edit, reason });
  }
  // A refused edit changes what a second run finds, so the others are checked again without it.
  while (accepted.length > 0) {
    const next = new Map([...texts, ...accepted.map(({ path, text }) => [path, text] as const)]);
    const again = new Set(plan(contract, next, layout).edits.map(({ path }) => path));
    const unstable = accepted.filter(({ path }) => again.has(path));
    if (unstable.length === 0) break;
    refused.push(...unstable.map((edit) => ({ edit, reason: "a second run would insert the same again" })));
    accepted = accepted.filter((edit) => !unstable.includes(edit));
  }
  return { accepted, refused };
}

function checkText({ path, insertions }: FileEdit, old: string, text: string): string | undefined {
  if (removeAll(text, insertions) !== old) return "something else than an insertion would change";
  const sources = new UserSources(new Map([[path, text]]));
  const error = sources.syntaxError(path);
  return error && `the file would not parse: ${error.message}`;
}
