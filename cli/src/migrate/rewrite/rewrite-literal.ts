import type { LegacyOption } from "@potter/generator/tooling";
import type { LiteralField, LiteralMessage } from "../syntax/index.js";
import type { Edit, Layout } from "./layout.js";
import { removeFields } from "./remove.js";

/** Rewrites the value `{…}` of an option: fields are renamed, get new values, or go. */
export function rewriteLiteral(
  layout: Layout,
  literal: LiteralMessage,
  { kept, implied }: LegacyOption,
): readonly Edit[] {
  const keptOf = (field: LiteralField) => kept.find((one) => one.field === field.name);
  const staying = literal.fields.filter((field) => keptOf(field) !== undefined);
  const last = staying.at(-1);
  if (last === undefined && layout.commentsIn(literal.start, literal.end).length === 0) {
    return [{ start: literal.start, end: literal.end, text: `{${implied.join(" ")}}` }];
  }
  const edits: Edit[] = [];
  for (const field of staying) {
    const one = keptOf(field);
    if (one === undefined) continue;
    if (one.to !== field.name) edits.push({ start: field.start, end: field.start + field.name.length, text: one.to });
    if (one.value !== undefined) edits.push({ start: field.valueStart, end: field.valueEnd, text: one.value });
  }
  const gone = literal.fields.filter((field) => keptOf(field) === undefined);
  for (const [start, end] of joinFields(layout, gone)) edits.push(removeFields(layout, start, end));
  return [...edits, ...addFields(layout, literal, last, implied)];
}

/** Joins fields that follow one another in a line, with nothing between. */
function joinFields(layout: Layout, fields: readonly LiteralField[]): readonly (readonly [number, number])[] {
  const joined: [number, number][] = [];
  for (const { start, end } of fields) {
    const previous = joined.at(-1);
    if (previous !== undefined && /^[ \t]*$/.test(layout.text.slice(previous[1], start))) previous[1] = end;
    else joined.push([start, end]);
  }
  return joined;
}

/** Adds fields behind the last one that stays, and keeps how fields are separated. */
function addFields(
  layout: Layout,
  literal: LiteralMessage,
  last: LiteralField | undefined,
  added: readonly string[],
): readonly Edit[] {
  if (last === undefined) {
    const at = literal.start + 1;
    return added.length === 0 ? [] : [{ start: at, end: at, text: added.join(" ") }];
  }
  const final = literal.fields.at(-1);
  const separator = last.end > last.valueEnd ? (layout.text[last.end - 1] ?? "") : "";
  const endsSeparated = final !== undefined && final.end > final.valueEnd;
  if (added.length === 0) {
    const isLeft = separator !== "" && !endsSeparated;
    return isLeft ? [{ start: last.end - 1, end: last.end, text: "" }] : [];
  }
  const isOwnLine = layout.isFirst(last.start) && layout.isLastCode(last.end);
  const gap = isOwnLine ? `${layout.lineBreak}${layout.indentOf(last.start)}` : " ";
  const at = isOwnLine ? layout.lineEnd(last.end) : last.end;
  const text = added.map((field, index) => {
    const isFinal = index === added.length - 1;
    return `${gap}${field}${separator !== "" && (!isFinal || endsSeparated) ? separator : ""}`;
  });
  return [{ start: at, end: at, text: text.join("") }];
}
