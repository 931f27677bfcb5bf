import { Project, type SourceFile, type ts } from "ts-morph";

/** Texts of users' files by path, relative to the project with `/`, without a byte order mark. */
export type UserTexts = ReadonlyMap<string, string>;

/** Parsed files that a process keeps: each path with its last texts. */
const kept = new Map<string, readonly SourceFile[]>();
/** How many paths are kept. */
const keptPaths = 1000;
/** How many texts of a path are kept: before and after an edit. */
const keptTexts = 2;

/** The parsed files of a user. A file is parsed when it is first needed; nothing is read from the disk. */
export class UserSources {
  readonly texts: UserTexts;
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
    const file = parse(path, text);
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

/** Parses a text, unless it was parsed lately: a watcher and the check of an edit look at the same files again. */
function parse(path: string, text: string): SourceFile {
  const others = kept.get(path) ?? [];
  const known = others.find((one) => one.getFullText() === text);
  if (known !== undefined) return known;
  // A project for each file: nodes of a file stay valid while another text of it is parsed.
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
  });
  const file = project.createSourceFile(`/${path}`, text);
  // Offsets are used on the text that was read.
  if (file.getFullText() !== text) throw new Error(`${path}: its text cannot be parsed as it is`);
  kept.delete(path);
  kept.set(path, [file, ...others].slice(0, keptTexts));
  for (const oldest of kept.keys()) {
    if (kept.size <= keptPaths) break;
    kept.delete(oldest);
  }
  return file;
}

/** A syntax error of a user's file. */
export interface SyntaxError {
  /** Offset in the text. */
  readonly at: number;
  /** What the parser says. */
  readonly message: string;
}
