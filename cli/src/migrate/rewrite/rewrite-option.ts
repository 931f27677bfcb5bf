import type { LegacyOption } from "@potter/generator/tooling";
import type { OptionStatement } from "../syntax/index.js";
import type { Edit, Layout } from "./layout.js";
import { removeStatement } from "./remove.js";
import { rewriteLiteral } from "./rewrite-literal.js";

/** Rewrites the statements of an option of Go Potter. Returns why that is not safe. */
export function rewriteOption(
  layout: Layout,
  statements: readonly OptionStatement[],
  option: LegacyOption,
): readonly Edit[] | string {
  if (option.obstacle !== undefined) return option.obstacle;
  if (statements.length === 0) return "its statement was not found";
  const whole = statements.find(({ path }) => path.length === 0);
  if (whole !== undefined && statements.length > 1) return "it is set more than once";
  if (whole !== undefined && whole.literal === undefined) return "its value is written in a way that is not known";
  const rewritten = statements.map((statement) => rewriteStatement(layout, statement, option));
  const further = [...(whole === undefined ? completeParts(statements, option) : []), ...option.further];
  return place(layout, statements, rewritten, further) ?? "a comment in it leaves no room for what replaces it";
}

/** Rewrites a statement that sets the whole option, or one of its fields. undefined: it goes. */
function rewriteStatement(
  layout: Layout,
  { nameStart, nameEnd, fieldStart, fieldEnd, valueStart, valueEnd, path, literal }: OptionStatement,
  option: LegacyOption,
): readonly Edit[] | undefined {
  if (option.replacement === undefined) return undefined;
  const name = { start: nameStart, end: nameEnd, text: option.replacement };
  if (literal !== undefined && path.length === 0) return [name, ...rewriteLiteral(layout, literal, option)];
  const kept = option.kept.find(({ field }) => path.length === 1 && field === path[0]);
  if (kept === undefined) return undefined;
  return [
    name,
    { start: fieldStart, end: fieldEnd, text: kept.to },
    ...(kept.value === undefined ? [] : [{ start: valueStart, end: valueEnd, text: kept.value }]),
  ];
}

/** What statements of single fields do not say: fields that are implied, or that there is an option at all. */
function completeParts(
  statements: readonly OptionStatement[],
  { replacement, implied, kept }: LegacyOption,
): readonly string[] {
  if (replacement === undefined) return [];
  const isSet = statements.some(({ path }) => kept.some(({ field }) => field === path[0]));
  if (!isSet) return [`option (${replacement}) = {${implied.join(" ")}};`];
  return implied.map((text) => `option (${replacement}).${text.replace(": ", " = ")};`);
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
