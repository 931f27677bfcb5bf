import type { Options } from "prettier";
import type { Style } from "./style.js";

/** Prints properties of an object literal, each formatted alone. `width`: of the lines, without their indentation. */
export async function printProperty(
  source: string,
  options: Options,
  style: Partial<Style>,
  width: number,
): Promise<string> {
  const unit = style.unit ?? unitOf(options);
  const printed = await print(`x = {\n${source},\n};\n`, {
    ...options,
    ...toOptions(style),
    printWidth: Math.max(width, 20),
    // The brace of the literal around it stays on a line of its own.
    objectWrap: "preserve",
    endOfLine: "lf",
  });
  const lines = printed.trimEnd().split("\n").slice(1, -1);
  const text = lines.map((line) => (line.startsWith(unit) ? line.slice(unit.length) : line)).join("\n");
  return text.endsWith(",") ? text.slice(0, -1) : text;
}

/** Prints a property on one line. */
export function toOneLine(property: string): string {
  return property.replaceAll(/,?\s*\n\s*(?=[}\])])/g, " ").replaceAll(/\s*\n\s*/g, " ");
}

/** Prints a whole file. */
export function printFile(source: string, options: Options, style: Style | undefined): Promise<string> {
  const eol = { "\r\n": "crlf", "\n": "lf", "\r": "cr" } as const;
  const endOfLine = options.endOfLine ?? eol[style?.eol as keyof typeof eol] ?? "lf";
  return print(source, {
    ...options,
    ...(style && toOptions(style)),
    endOfLine: endOfLine === "auto" ? "lf" : endOfLine,
  });
}

/** One level of indentation, as options say. */
export function unitOf({ useTabs, tabWidth }: Options): string {
  return useTabs === true ? "\t" : " ".repeat(tabWidth ?? 2);
}

function toOptions({ unit, singleQuote, semicolons }: Partial<Style>): Options {
  return {
    ...(unit !== undefined && { useTabs: unit === "\t", ...(unit !== "\t" && { tabWidth: unit.length }) }),
    ...(singleQuote !== undefined && { singleQuote }),
    ...(semicolons !== undefined && { semi: semicolons }),
  };
}

async function print(source: string, options: Options): Promise<string> {
  // The parser is that of JavaScript: what is printed has no types. It loads faster than the one of TypeScript.
  const { format } = await import("prettier");
  try {
    return await format(source, { ...options, parser: "babel" });
  } catch {
    // A value of the user's configuration that prettier refuses must not keep the code from being printed.
    return format(source, { parser: "babel" });
  }
}
