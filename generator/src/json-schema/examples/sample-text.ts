// Generates a text that matches a pattern: the first alternative, the fewest repetitions, the first character of a
// class.

/** A text that matches a pattern; undefined if none is found. */
export function sampleText(pattern: string): string | undefined {
  const text = new Reader(pattern).alternatives();
  try {
    return new RegExp(pattern, "u").test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The sample of each character class. */
const classes: Readonly<Record<string, string>> = { d: "0", w: "a", s: " ", D: "a", W: "-", S: "a" };

/** Candidates for negated classes. */
const usual = "aA0-_. /:";

class Reader {
  private at = 0;
  private readonly pattern: string;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  alternatives(): string {
    const all = [this.sequence()];
    while (this.peek() === "|") {
      this.at++;
      all.push(this.sequence());
    }
    return all.find((text) => text !== "") ?? "";
  }

  private sequence(): string {
    let text = "";
    while (this.at < this.pattern.length && this.peek() !== "|" && this.peek() !== ")") text += this.repeated();
    return text;
  }

  private repeated(): string {
    const one = this.atom();
    const count = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.at));
    if (count === null) return one;
    this.at += count[0].length;
    const [sign = "", least] = count;
    if (least !== undefined) return one.repeat(Number(least));
    return sign.startsWith("+") ? one : "";
  }

  private atom(): string {
    const char = this.next();
    if (char === "^" || char === "$") return "";
    if (char === ".") return "a";
    if (char === "[") return this.class();
    if (char === "\\") return this.escape();
    if (char !== "(") return char;
    const look = /^\?(?::|<?[=!])/.exec(this.pattern.slice(this.at))?.[0] ?? "";
    this.at += look.length;
    const text = this.alternatives();
    this.at++;
    // Lookaheads add no text.
    return look === "" || look === "?:" ? text : "";
  }

  private escape(): string {
    const char = this.next();
    const code = char === "x" || char === "u" ? /^[0-9A-Fa-f]+/.exec(this.pattern.slice(this.at))?.[0] : undefined;
    if (code === undefined) return classes[char] ?? (char === "b" ? "" : char);
    const digits = code.slice(0, char === "x" ? 2 : 4);
    this.at += digits.length;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private class(): string {
    const start = this.at - 1;
    while (this.at < this.pattern.length && this.peek() !== "]") this.at += this.peek() === "\\" ? 2 : 1;
    this.at++;
    const text = this.pattern.slice(start, this.at);
    const first = text.startsWith("[^") ? "" : new Reader(text.slice(1)).atom();
    return [first, ...usual].find((char) => char !== "" && new RegExp(`^${text}$`, "u").test(char)) ?? "";
  }

  private peek(): string | undefined {
    return this.pattern[this.at];
  }

  private next(): string {
    return this.pattern[this.at++] ?? "";
  }
}
