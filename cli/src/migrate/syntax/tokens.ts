/** A token of a proto file. */
export interface Token {
  readonly kind: "word" | "string" | "symbol";
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A comment. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Whether it ends with its line. */
  readonly isLine: boolean;
}

/** A text that is written in a way which this program does not know. */
export class UnreadableText extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const space = /\s+/y;
const lineComment = /\/\/[^\n]*?(?=\r?\n|$)/y;
const blockComment = /\/\*[\s\S]*?\*\//y;
const string = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const word = /[A-Za-z_]\w*|\d(?:[eE][+-]|[\w.])*/y;

/** Splits a text into tokens and comments. */
export function tokenize(text: string): { readonly tokens: readonly Token[]; readonly comments: readonly Comment[] } {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const start = at;
    const blank = take(space);
    const comment = take(lineComment) ?? take(blockComment);
    if (blank !== undefined) at += blank.length;
    else if (comment !== undefined) {
      at += comment.length;
      comments.push({ start, end: at, isLine: !comment.startsWith("/*") });
    } else {
      const quoted = take(string);
      const name = take(word);
      const found = quoted ?? name ?? text.charAt(at);
      at += found.length;
      const kind = quoted !== undefined ? "string" : name !== undefined ? "word" : "symbol";
      if (kind === "symbol" && (found === '"' || found === "'"))
        throw new UnreadableText("a string does not end", start);
      tokens.push({ kind, text: found, start, end: at });
    }
  }
  return { tokens, comments };
}
