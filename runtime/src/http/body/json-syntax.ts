/** The line and the column of a character, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the first syntax error of a JSON text (RFC 8259): the first character with which no valid text can continue. Returns
 * undefined for a valid text. Engines report the position in different ways, and quote the text in their messages.
 */
export function findJsonError(text: string): TextPosition | undefined {
  const offset = new Scanner(text).scan();
  if (offset === undefined) return undefined;
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: Array.from(lines[lines.length - 1] ?? "").length + 1 };
}

type Expected = "value" | "value or end" | "key" | "key or end" | "separator";

/** Reads a text from left to right, without recursion, because the text may be nested deeply. */
class Scanner {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Returns the offset of the first error, or undefined if there is none. */
  scan(): number | undefined {
    /** The closing brackets that are missing, the innermost last. */
    const open: string[] = [];
    let expected: Expected = "value";
    for (;;) {
      this.skipSpace();
      const character = this.text[this.at];
      const close = open[open.length - 1];
      if (expected === "separator") {
        if (close === undefined) return character === undefined ? undefined : this.at;
        if (character === close) open.pop();
        else if (character === ",") expected = close === "}" ? "key" : "value";
        else return this.at;
        this.at++;
      } else if (expected.endsWith("or end") && character === close) {
        open.pop();
        this.at++;
        expected = "separator";
      } else if (expected.startsWith("key")) {
        if (!this.readString()) return this.at;
        this.skipSpace();
        if (!this.read(":")) return this.at;
        expected = "value";
      } else if (character === "{" || character === "[") {
        open.push(character === "{" ? "}" : "]");
        this.at++;
        expected = character === "{" ? "key or end" : "value or end";
      } else {
        if (!this.readScalar(character)) return this.at;
        expected = "separator";
      }
    }
  }

  private skipSpace(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at++;
  }

  // Each of these moves behind what it reads, and returns false at the first character that does not fit.

  private readScalar(first: string | undefined): boolean {
    if (first === '"') return this.readString();
    if (first === "t") return this.read("true");
    if (first === "f") return this.read("false");
    return first === "n" ? this.read("null") : this.readNumber();
  }

  private read(literal: string): boolean {
    for (const character of literal) {
      if (this.text[this.at] !== character) return false;
      this.at++;
    }
    return true;
  }

  private readString(): boolean {
    if (!this.read('"')) return false;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || character < " ") return false;
      this.at++;
      if (character === '"') return true;
      if (character === "\\" && !this.readEscape()) return false;
    }
  }

  private readEscape(): boolean {
    const character = this.text[this.at];
    if (character === undefined || !'"\\/bfnrtu'.includes(character)) return false;
    this.at++;
    for (let left = character === "u" ? 4 : 0; left > 0; left--) {
      if (!/^[\da-f]$/i.test(this.text[this.at] ?? "")) return false;
      this.at++;
    }
    return true;
  }

  private readNumber(): boolean {
    if (this.text[this.at] === "-") this.at++;
    if (this.text[this.at] === "0") this.at++;
    else if (!this.readDigits()) return false;
    if (this.text[this.at] === ".") {
      this.at++;
      if (!this.readDigits()) return false;
    }
    if (this.text[this.at] !== "e" && this.text[this.at] !== "E") return true;
    this.at++;
    if (this.text[this.at] === "+" || this.text[this.at] === "-") this.at++;
    return this.readDigits();
  }

  private readDigits(): boolean {
    const start = this.at;
    for (
      let digit = this.text[this.at];
      digit !== undefined && digit >= "0" && digit <= "9";
      digit = this.text[this.at]
    )
      this.at++;
    return this.at > start;
  }
}
