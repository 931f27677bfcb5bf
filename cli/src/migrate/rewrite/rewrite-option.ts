import { legacyOptions, printFields, printInstead, type Replacement } from "@potter/generator/tooling";
import type { OptionStatement } from "../syntax/index.js";
import type { Edit, Layout } from "./layout.js";
import { removeStatement } from "./remove.js";
import { rewriteLiteral } from "./rewrite-literal.js";

/** The edits of an element's statements, and what the file has to contain elsewhere. */
export interface OptionRewrite {
  readonly edits: readonly Edit[];
  /** Statements of the file. */
  readonly fileStatements: readonly string[];
}

/** Rewrites the statements of an option of Go Potter. Returns why that is not safe. */
export function rewriteOption(
  layout: Layout,
  statements: readonly OptionStatement[],
  replacement: Replacement,
): OptionRewrite | string {
  const { translation, targets } = replacement;
  const { option } = translation.use;
  const conflict = targets.find(({ contradictions }) => contradictions.length > 0);
  if (conflict !== undefined) return `it contradicts (${conflict.extension.typeName}) of the same element`;
  const partial = targets.find(({ exists, missing }) => exists && Object.keys(missing).length > 0);
  if (partial !== undefined) return `the element also has (${partial.extension.typeName}), which lacks a part of it`;
  if (statements.length === 0) return "its statement was not found";
  if (statements.length > 1 && statements.some(({ path }) => path.length === 0)) return "it is set more than once";

  const main = targets.find(({ extension }) => extension === translation.replacement);
  const isReplaced = main !== undefined && !main.exists;
  const whole = statements.find(({ path }) => path.length === 0);
  if (whole !== undefined && whole.literal === undefined) return "its value is written in a way that is not known";
  const rewritten = !isReplaced
    ? statements.map(() => undefined)
    : whole?.literal !== undefined
      ? [[rename(whole, main.extension.typeName), ...rewriteLiteral(layout, whole.literal, replacement)]]
      : statements.map((statement) => rewritePart(statement, replacement));
  const further = printInstead({
    translation,
    targets: targets.filter(({ desc, exists }) => desc.kind !== "file" && !exists && desc === translation.use.desc),
  }).filter((text) => !isReplaced || !text.startsWith(`option (${main.extension.typeName}) `));
  const extra = [...(whole === undefined && isReplaced ? completeParts(statements, replacement) : []), ...further];
  const edits = place(layout, statements, rewritten, extra);
  if (edits === undefined) return "a comment in it leaves no room for what replaces it";
  return {
    edits,
    fileStatements: targets
      .filter(({ desc, exists }) => desc.kind === "file" && !exists)
      .map(({ extension, fields }) => printStatement(layout, extension.typeName, printFields(extension, fields))),
  };

  function rename({ nameStart, nameEnd }: OptionStatement, name: string): Edit {
    if (layout.text.slice(nameStart, nameEnd).replaceAll(/\s/g, "") !== legacyOptions[option].name) {
      throw new Error(`a statement is not of ${legacyOptions[option].name}`);
    }
    return { start: nameStart, end: nameEnd, text: name };
  }
}

/** Rewrites a statement that sets one field: `option (potter.event).version = 2;`. undefined: it goes. */
function rewritePart(statement: OptionStatement, { translation }: Replacement): readonly Edit[] | undefined {
  const { nameStart, nameEnd, fieldStart, fieldEnd, valueStart, valueEnd, path } = statement;
  const kept = translation.kept.find(({ field }) => path.length === 1 && field === path[0]);
  if (kept === undefined || translation.replacement === undefined) return undefined;
  const [printed = ""] = printFields(translation.replacement, { [kept.to]: kept.value });
  const value = printed.slice(kept.to.length + ": ".length);
  return [
    { start: nameStart, end: nameEnd, text: translation.replacement.typeName },
    { start: fieldStart, end: fieldEnd, text: kept.to },
    ...(kept.isSame ? [] : [{ start: valueStart, end: valueEnd, text: value }]),
  ];
}

/** What statements of single fields do not say: fields that are implied, or that there is an option at all. */
function completeParts(statements: readonly OptionStatement[], { translation }: Replacement): readonly string[] {
  const { replacement, implied, kept } = translation;
  if (replacement === undefined) return [];
  const name = replacement.typeName;
  const isSet = statements.some(({ path }) => kept.some(({ field }) => field === path[0]));
  if (!isSet) return [`option (${name}) = {${printFields(replacement, implied).join(" ")}};`];
  return printFields(replacement, implied).map((text) => `option (${name}).${text.replace(": ", " = ")};`);
}

/** Places statements: those that go make room for further ones; the others follow the last that stays. undefined: none does. */
function place(
  layout: Layout,
  statements: readonly OptionStatement[],
  rewritten: readonly (readonly Edit[] | undefined)[],
  further: readonly string[],
): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const waiting = [...further];
  let last: OptionStatement | undefined;
  for (const [index, statement] of statements.entries()) {
    const own = rewritten[index];
    const { start, end } = statement;
    const next = own === undefined ? waiting.shift() : undefined;
    if (own !== undefined) edits.push(...own);
    else if (next !== undefined) edits.push({ start, end, text: withComments(layout, statement, next) });
    else edits.push(...removeStatement(layout, start, end));
    if (own !== undefined || next !== undefined) last = statement;
  }
  if (waiting.length === 0) return edits;
  if (last === undefined) return undefined;
  const isOwnLine = layout.isFirst(last.start) && layout.isLastCode(last.end);
  const at = isOwnLine ? layout.lineEnd(last.end) : last.end;
  const gap = isOwnLine ? `${layout.lineBreak}${layout.indentOf(last.start)}` : " ";
  return [...edits, { start: at, end: at, text: waiting.map((text) => `${gap}${text}`).join("") }];
}

/** Puts the comments of a statement into the one that takes its place: beside it, they would document what follows. */
function withComments(layout: Layout, { start, end }: OptionStatement, text: string): string {
  const comments = layout.commentsIn(start, end).map((comment) => layout.textOf(comment));
  if (comments.length === 0) return text;
  const line = `${layout.lineBreak}${layout.indentOf(start)}`;
  const inner = comments.map((comment) => `${line}  ${comment}`).join("");
  const [head, tail] = text.endsWith("};") ? [text.slice(0, -2), "};"] : ["option", text.slice("option ".length)];
  return `${head}${inner}${line}${tail}`;
}

/** Prints a statement of the file, over several lines if it is long. */
function printStatement({ lineBreak }: Layout, name: string, fields: readonly string[]): string {
  const line = `option (${name}) = {${fields.join(" ")}};`;
  if (line.length <= 100) return line;
  return `option (${name}) = {${lineBreak}${fields.map((field) => `  ${field}${lineBreak}`).join("")}};`;
}
