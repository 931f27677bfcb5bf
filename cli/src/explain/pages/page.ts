/** The page of a code. */
export interface Page {
  readonly code: string;
  /** One sentence. */
  readonly summary: string;
  /** The page as Markdown, without an empty line at its end. */
  readonly text: string;
}

/** Composes a page of paragraphs. Those that do not apply are undefined. */
export function createPage(code: string, summary: string, paragraphs: readonly (string | undefined)[]): Page {
  const text = [`# ${code}`, summary, ...paragraphs.filter((one) => one !== undefined)].join("\n\n");
  return { code, summary, text };
}

/** Encloses text in a block that is shown as it is. */
export function fence(text: string, language = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Begins a phrase with a capital and ends it as a sentence. */
export function toSentence(phrase: string): string {
  return `${phrase.slice(0, 1).toUpperCase()}${phrase.slice(1)}${/[.!?]$/.test(phrase) ? "" : "."}`;
}
