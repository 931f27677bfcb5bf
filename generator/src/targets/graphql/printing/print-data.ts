import { printProperty, printString } from "../../../printer/index.js";

const widest = 110;

/**
 * Prints plain data as an expression: on one line if it fits, else with a line for each property or item. `column`:
 * where the expression starts.
 */
export function printData(data: unknown, indent: string, column: number = indent.length): string {
  if (typeof data === "string") return printString(data);
  if (typeof data !== "object" || data === null) return String(data);
  const line = onOneLine(data);
  if (column + line.length <= widest) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(data))
    return lines(
      "[",
      "]",
      data.map((item) => printData(item, deeper)),
      indent,
    );
  const properties = Object.entries(data).map(([key, value]) => {
    const name = `${printProperty(key)}: `;
    return name + printData(value, deeper, deeper.length + name.length);
  });
  return lines("{", "}", properties, indent);
}

function onOneLine(data: unknown): string {
  if (typeof data === "string") return printString(data);
  if (Array.isArray(data)) return `[${data.map(onOneLine).join(", ")}]`;
  if (typeof data !== "object" || data === null) return String(data);
  const entries = Object.entries(data).map(([key, value]) => `${printProperty(key)}: ${onOneLine(value)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function lines(open: string, close: string, items: readonly string[], indent: string): string {
  return `${open}\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}${close}`;
}
