import { type Token, UnreadableText } from "./tokens.js";

const pairs: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };

/** A place between tokens, which moves forward. */
export class Cursor {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly length: number;

  constructor(tokens: readonly Token[], length: number) {
    this.tokens = tokens;
    this.length = length;
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The token after the place, or one of the next. */
  peek(distance = 0): Token | undefined {
    return this.tokens[this.at + distance];
  }

  /** Whether the next token has one of some texts, and is no string. */
  sees(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token !== undefined && token.kind !== "string" && texts.includes(token.text);
  }

  /** Passes the next token. */
  next(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw new UnreadableText("the text ends too early", this.length);
    this.at += 1;
    return token;
  }

  /** Passes a token that must have a text. */
  expect(text: string): Token {
    const token = this.next();
    if (token.kind === "string" || token.text !== text) {
      throw new UnreadableText(`expected ${text}, found ${token.text}`, token.start);
    }
    return token;
  }

  /** Passes a token that must be a word. */
  word(): Token {
    const token = this.next();
    if (token.kind !== "word") throw new UnreadableText(`expected a name, found ${token.text}`, token.start);
    return token;
  }

  /** Passes a pair of brackets with all that is between. */
  skipPair(): Token {
    const open = this.next();
    const close = pairs[open.text] ?? "";
    while (!this.sees(close)) {
      if (this.sees("{", "[", "(")) this.skipPair();
      else this.next();
    }
    return this.next();
  }

  /** Passes a statement that ends with `;` or with a block. */
  skipStatement(): void {
    for (;;) {
      if (this.sees("{")) {
        this.skipPair();
        if (this.sees(";")) this.next();
        return;
      }
      if (this.sees("[", "(")) this.skipPair();
      else if (this.next().text === ";") return;
    }
  }
}
