import { Cursor } from "./cursor.js";
import { type LiteralMessage, parseLiteral } from "./parse-literal.js";
import { type Comment, type Token, tokenize } from "./tokens.js";

/** A statement `option (name).part = value;`. */
export interface OptionStatement {
  /** The full name of an option that a file defines, without a leading dot. */
  readonly name: string;
  /** The place of the name in its parentheses, without a leading dot. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** The fields behind the name. */
  readonly path: readonly string[];
  /** The place of the first of these fields. */
  readonly fieldStart: number;
  readonly fieldEnd: number;
  readonly start: number;
  /** Behind the semicolon. */
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The value, if it is a message. */
  readonly literal: LiteralMessage | undefined;
}

/** A statement `import "path";`. */
export interface ImportStatement {
  readonly path: string;
  /** `public`, `weak` or `option`; empty: none. */
  readonly modifier: string;
  readonly start: number;
  readonly end: number;
  /** The place of the path with its quotes. */
  readonly pathStart: number;
  readonly pathEnd: number;
}

/** The places in a proto file that a rewrite needs. */
export interface FileSyntax {
  readonly imports: readonly ImportStatement[];
  /** Behind the last of syntax, package, imports and options of the file. */
  readonly headEnd: number;
  /** The options of services, rpcs and messages, by the full names of these. */
  readonly options: ReadonlyMap<string, readonly OptionStatement[]>;
  readonly comments: readonly Comment[];
}

/** Parses a proto file that buf has compiled. Throws an UnreadableText. */
export function parseFile(text: string): FileSyntax {
  const { tokens, comments } = tokenize(text);
  const parser = new Parser(new Cursor(tokens, text.length));
  parser.file();
  return { imports: parser.imports, headEnd: parser.headEnd, options: parser.options, comments };
}

class Parser {
  readonly imports: ImportStatement[] = [];
  readonly options = new Map<string, OptionStatement[]>();
  headEnd = 0;
  private readonly cursor: Cursor;

  constructor(cursor: Cursor) {
    this.cursor = cursor;
  }

  file(): void {
    const { cursor } = this;
    let scope = "";
    while (!cursor.isAtEnd) {
      const isHead = cursor.sees("syntax", "edition", "package", "import", "option");
      if (cursor.sees("import")) this.import();
      else if (cursor.sees("package")) scope = this.package();
      else if (this.seesBlock("message")) this.message(scope);
      else if (this.seesBlock("service")) this.service(scope);
      else if (this.seesBlock("enum") || cursor.sees("extend", "export", "local")) this.declaration(scope);
      else cursor.skipStatement();
      if (isHead) this.headEnd = cursor.peek(-1)?.end ?? 0;
    }
  }

  /** `export` and `local` of edition 2024 precede a message or an enum. */
  private declaration(scope: string): void {
    const { cursor } = this;
    if (cursor.sees("export", "local")) cursor.next();
    if (this.seesBlock("message")) this.message(scope);
    else cursor.skipStatement();
  }

  private import(): void {
    const { cursor } = this;
    const { start } = cursor.next();
    const modifier = cursor.peek()?.kind === "word" ? cursor.next().text : "";
    const path = cursor.next();
    const { end } = cursor.expect(";");
    this.imports.push({
      path: path.text.slice(1, -1),
      modifier,
      start,
      end,
      pathStart: path.start,
      pathEnd: path.end,
    });
  }

  private package(): string {
    const { cursor } = this;
    cursor.next();
    let name = "";
    while (!cursor.sees(";")) name += cursor.next().text;
    cursor.next();
    return name;
  }

  /** `message`, `enum` and `service` are also names of fields' types, so what follows counts. */
  private seesBlock(word: string): boolean {
    return this.cursor.sees(word) && this.cursor.peek(1)?.kind === "word" && this.cursor.peek(2)?.text === "{";
  }

  private message(scope: string): void {
    const { cursor } = this;
    const name = this.open(scope);
    while (!cursor.sees("}")) {
      if (this.seesBlock("message")) this.message(name);
      else if (cursor.sees("export", "local") && cursor.peek(2)?.kind === "word") this.declaration(name);
      else if (this.seesOption()) this.option(name);
      else cursor.skipStatement();
    }
    cursor.next();
  }

  private service(scope: string): void {
    const { cursor } = this;
    const name = this.open(scope);
    while (!cursor.sees("}")) {
      if (this.seesOption()) this.option(name);
      else if (cursor.sees("rpc")) this.rpc(name);
      else cursor.skipStatement();
    }
    cursor.next();
  }

  private rpc(scope: string): void {
    const { cursor } = this;
    cursor.next();
    const name = `${scope}.${cursor.word().text}`;
    while (!cursor.sees(";", "{")) {
      if (cursor.sees("(")) cursor.skipPair();
      else cursor.next();
    }
    if (cursor.next().text === ";") return;
    while (!cursor.sees("}")) {
      if (this.seesOption()) this.option(name);
      else cursor.skipStatement();
    }
    cursor.next();
  }

  /** Passes the head of a block. Returns the full name. */
  private open(scope: string): string {
    const { cursor } = this;
    cursor.next();
    const { text } = cursor.word();
    cursor.expect("{");
    return scope === "" ? text : `${scope}.${text}`;
  }

  private seesOption(): boolean {
    const name = this.cursor.peek(1);
    // A field may have a type of this name: `option value = 1;`.
    return this.cursor.sees("option") && (name?.text === "(" || this.cursor.peek(2)?.kind !== "word");
  }

  private option(element: string): void {
    const { cursor } = this;
    const { start } = cursor.next();
    if (!cursor.sees("(")) {
      cursor.skipStatement();
      return;
    }
    cursor.next();
    const name: Token[] = [];
    while (!cursor.sees(")")) name.push(cursor.next());
    const nameEnd = cursor.next().start;
    const path: Token[] = [];
    while (!cursor.sees("=")) {
      const part = cursor.next();
      if (part.text !== ".") path.push(part);
    }
    cursor.next();
    const valueStart = cursor.peek()?.start ?? nameEnd;
    const named = name[0]?.text === "." ? name.slice(1) : name;
    const fullName = named.map(({ text }) => text).join("");
    // Options of others may be written in ways that need not be understood.
    const literal = fullName.startsWith("potter.") && cursor.sees("{") ? parseLiteral(cursor) : undefined;
    while (!cursor.sees(";")) {
      if (cursor.sees("{", "[")) cursor.skipPair();
      else cursor.next();
    }
    const valueEnd = cursor.peek(-1)?.end ?? valueStart;
    const { end } = cursor.next();
    const statement = {
      name: fullName,
      nameStart: named[0]?.start ?? start,
      nameEnd: named.at(-1)?.end ?? nameEnd,
      path: path.map(({ text }) => text),
      fieldStart: path[0]?.start ?? nameEnd,
      fieldEnd: path[0]?.end ?? nameEnd,
      ...{ start, end, valueStart, valueEnd, literal },
    };
    this.options.set(element, [...(this.options.get(element) ?? []), statement]);
  }
}
