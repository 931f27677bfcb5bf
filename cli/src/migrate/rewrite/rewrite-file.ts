import type { LegacyFile, LegacyOption } from "@potter/generator/tooling";
import { type FileSyntax, type ImportStatement, parseFile, UnreadableText } from "../syntax/index.js";
import { applyEdits, type Edit, Layout } from "./layout.js";
import { removeStatement } from "./remove.js";
import { rewriteOption } from "./rewrite-option.js";

/** An option of Go Potter, or an import, that is left as it is. */
export interface Refusal {
  /** Where it stands in the old text. */
  readonly offset: number;
  readonly message: string;
  /** What to write by hand. */
  readonly paste: readonly string[];
}

/** A rewritten file. */
export interface Rewritten {
  readonly text: string;
  /** The options that are rewritten, each with its place in the old text. */
  readonly done: readonly { readonly option: LegacyOption; readonly offset: number }[];
  readonly refused: readonly Refusal[];
}

/** Rewrites all options of Go Potter in a text, and its imports. Leaves those as they are that cannot be rewritten safely. */
export function rewriteFile(text: string, file: LegacyFile): Rewritten {
  try {
    return rewrite(text, parseFile(text), file);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    const paste = file.options.flatMap(({ instead }) => instead);
    const message = `the file cannot be read: ${error.message}`;
    return { text, done: [], refused: [{ offset: error.offset, message, paste }] };
  }
}

function rewrite(text: string, syntax: FileSyntax, { options, definition }: LegacyFile): Rewritten {
  const layout = new Layout(text, syntax.comments);
  const edits: Edit[] = [];
  const fileStatements: string[] = [];
  const done: Rewritten["done"][number][] = [];
  const refused: Refusal[] = [];
  for (const option of options) {
    const statements = syntax.options.get(option.element)?.filter(({ name }) => name === option.name) ?? [];
    const offset = statements[0]?.start ?? 0;
    const rewritten = rewriteOption(layout, statements, option);
    if (typeof rewritten === "string") {
      const message = `(${option.name}) of ${option.element} is left as it is: ${rewritten}`;
      refused.push({ offset, message, paste: option.instead });
    } else {
      edits.push(...rewritten);
      fileStatements.push(...option.ofFile.map(({ name, fields }) => printStatement(layout, name, fields)));
      done.push({ option, offset });
    }
  }
  const import_ = syntax.imports.find(({ path }) => path === definition);
  const isPublic = import_ !== undefined && import_.modifier !== "";
  if (isPublic) {
    const message = `the ${import_.modifier} import of ${definition} is left as it is: other files may need it`;
    refused.push({ offset: import_.start, message, paste: [] });
  }
  const wanted = new Set(done.flatMap(({ option }) => option.imports));
  const missing = [...wanted]
    .sort()
    .reverse()
    .filter((path) => !syntax.imports.some((one) => one.path === path));
  const old = isPublic || refused.length > 0 ? undefined : import_;
  if (old !== undefined && missing.length === 0 && fileStatements.length > 0) {
    edits.push({ start: old.start, end: old.end, text: fileStatements.join(layout.lineBreak) });
  } else {
    edits.push(...rewriteImports(layout, syntax, old, missing));
    if (fileStatements.length > 0) edits.push(insertIntoHead(layout, syntax, fileStatements));
  }
  return { text: applyEdits(text, edits), done, refused };
}

/** Replaces the import of the definition by others. Without one that may go, others follow the last import. */
function rewriteImports(
  layout: Layout,
  { imports, headEnd }: FileSyntax,
  old: ImportStatement | undefined,
  paths: readonly string[],
): readonly Edit[] {
  const { text, lineBreak } = layout;
  const last = imports.at(-1);
  const quote = text[(old ?? last)?.pathStart ?? 0] === "'" ? "'" : '"';
  const [first, ...further] = old === undefined ? [undefined, ...paths] : paths;
  const edits: Edit[] = [];
  if (old !== undefined && first === undefined) edits.push(...removeStatement(layout, old.start, old.end));
  if (old !== undefined && first !== undefined) {
    edits.push({ start: old.pathStart, end: old.pathEnd, text: `${quote}${first}${quote}` });
  }
  const at = (old ?? last)?.end ?? headEnd;
  const isOwnLine = layout.isLastCode(at);
  const statements = further.map((path) => `${isOwnLine ? lineBreak : " "}import ${quote}${path}${quote};`).join("");
  const end = isOwnLine ? layout.lineEnd(at) : at;
  if (statements !== "") edits.push({ start: end, end, text: statements });
  return edits;
}

/** Inserts options of the file behind its imports and options. */
function insertIntoHead(layout: Layout, { headEnd }: FileSyntax, statements: readonly string[]): Edit {
  const { lineBreak } = layout;
  const at = layout.isLastCode(headEnd) ? layout.lineEnd(headEnd) : headEnd;
  return { start: at, end: at, text: statements.map((one) => `${lineBreak}${lineBreak}${one}`).join("") };
}

/** Prints a statement of the file, over several lines if it is long. */
function printStatement({ lineBreak }: Layout, name: string, fields: readonly string[]): string {
  const line = `option (${name}) = {${fields.join(" ")}};`;
  if (line.length <= 100) return line;
  return `option (${name}) = {${lineBreak}${fields.map((field) => `  ${field}${lineBreak}`).join("")}};`;
}
