/** A file that changes. */
export interface Edit {
  /** From the folder of the project. */
  readonly path: string;
  /** undefined: the file is new. */
  readonly old: string | undefined;
  readonly text: string;
}

/** What the user has to do, since a file cannot be edited safely. */
export interface Snippet {
  readonly path: string;
  readonly reason: string;
  /** What to paste or to change. */
  readonly text: string;
}

/** What potter init would do in a project. */
export interface AdoptionPlan {
  readonly edits: readonly Edit[];
  readonly snippets: readonly Snippet[];
}

/** What an editor of one file returns: its next text, which may be the same, and what it leaves to the user. */
export interface Edited {
  readonly text: string;
  readonly snippets: readonly Snippet[];
}
