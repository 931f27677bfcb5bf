import type { ObjectLiteralExpression } from "ts-morph";
import type { Expected } from "../contract/index.js";
import { printEntry } from "../contract/index.js";
import type { FormatConfig } from "./format-config.js";
import type { Insertion } from "./insertion.js";
import { type Layout, readLayout } from "./layout.js";
import { printProperty, toOneLine, unitOf } from "./print.js";
import type { Style } from "./style.js";

/** Returns what to insert into an object literal so that it has further properties, in their order. */
export async function renderProperties(
  literal: ObjectLiteralExpression,
  entries: readonly (readonly [string, Expected])[],
  { options }: FormatConfig,
  style: Style,
): Promise<readonly Insertion[]> {
  const layout = readLayout(literal, style.unit ?? unitOf(options));
  const unit = layout.unit ?? style.unit ?? unitOf(options);
  const width = (options.printWidth ?? 80) - layout.indent.replaceAll("\t", " ".repeat(options.tabWidth ?? 2)).length;
  const printed: string[] = [];
  for (const [key, value] of entries) {
    printed.push(await printProperty(printEntry(key, value), options, { ...style, unit }, width));
  }
  const comma = layout.comma === undefined ? [] : [{ at: layout.comma, text: "," }];
  const hasTrailing = layout.trailingComma ?? options.trailingComma !== "none";
  return [...comma, { at: layout.at, text: join(layout, printed, hasTrailing) }];
}

function join(layout: Layout, properties: readonly string[], hasTrailing: boolean): string {
  const { shape, indent, base, eol, trailingComma } = layout;
  if (shape === "inline") {
    // Nothing is added but the space after the comma, which the literal already has or has just received.
    return ` ${properties.map(toOneLine).join(", ")}${trailingComma === true ? "," : ""}`;
  }
  const last = properties.length - 1;
  const lines = properties.map((one, at) => indented(one, indent, eol) + (at < last || hasTrailing ? "," : ""));
  if (shape === "lines") return lines.map((line) => line + eol).join("");
  return `${lines.map((line) => eol + line).join("")}${layout.trailingComma === undefined ? eol + base : ""}`;
}

function indented(text: string, indent: string, eol: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join(eol);
}
