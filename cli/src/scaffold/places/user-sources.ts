import { Project, type SourceFile, type ts } from "ts-morph";

/** Texts of users' files by path, relative to the project with `/`, without a byte order mark. */
export type UserTexts = ReadonlyMap<string, string>;

/** The parsed files of a user. A file is parsed when it is first needed; nothing is read from the disk. */
export class UserSources {
  readonly texts: UserTexts;
  private readonly project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
  });
  private readonly parsed = new Map<string, SourceFile>();

  constructor(texts: UserTexts) {
    this.texts = texts;
  }

  /** Returns whether there is such a file. */
  has(path: string): boolean {
    return this.texts.has(path);
  }

  /** Parses a file. undefined: there is none. */
  file(path: string): SourceFile | undefined {
    const known = this.parsed.get(path);
    if (known !== undefined) return known;
    const text = this.texts.get(path);
    if (text === undefined) return undefined;
    const file = this.project.createSourceFile(`/${path}`, text, { overwrite: true });
    // Offsets are used on the text that was read.
    if (file.getFullText() !== text) throw new Error(`${path}: its text cannot be parsed as it is`);
    this.parsed.set(path, file);
    return file;
  }

  /** Returns the path of a file that this object has parsed. */
  pathOf(file: SourceFile): string {
    return file.getFilePath().slice(1);
  }

  /** Returns the first syntax error of a file. undefined: it parses. */
  syntaxError(path: string): SyntaxError | undefined {
    const file = this.file(path);
    // The parser's own list: the public one needs a program, which takes many times longer.
    const { parseDiagnostics } = (file?.compilerNode ?? {}) as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
    const [first] = parseDiagnostics ?? [];
    if (file === undefined || first === undefined) return undefined;
    const message = typeof first.messageText === "string" ? first.messageText : first.messageText.messageText;
    return { at: first.start ?? 0, message };
  }
}

/** A syntax error of a user's file. */
export interface SyntaxError {
  /** Offset in the text. */
  readonly at: number;
  /** What the parser says. */
  readonly message: string;
}
