import type { Printable } from "../../printer/index.js";

/** The longest line of code. */
const widest = 120;

/**
 * Prints a constant with a generic type: in one line if that is not too long. `value`: the value with its semicolon, which then has a
 * line of its own; or only its beginning, and then each type argument has one.
 */
export function printConstant(
  name: string,
  type: Printable,
  types: readonly Printable[],
  value: readonly Printable[],
): readonly Printable[] {
  const start: readonly Printable[] = [`export const ${name}: `, type, "<"];
  const declaration: readonly Printable[] = [...start, ...join(types, ", "), "> ="];
  if (widthOf([...declaration, " ", ...value]) <= widest) return [...declaration, " ", ...value];
  if (String(value.at(-1)).endsWith(";") && widthOf(declaration) <= widest) return [...declaration, "\n  ", ...value];
  return [...start, "\n  ", ...join(types, ",\n  "), "\n> = ", ...value];
}

function join(parts: readonly Printable[], separator: string): Printable[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part]));
}

/** The width of a line, unless an import needs an alias. */
function widthOf(printable: Printable): number {
  if (typeof printable === "string") return printable.length;
  if ("kind" in printable) return printable.name.length;
  return printable.reduce<number>((width, part) => width + widthOf(part), 0);
}
