import { styleText } from "node:util";

/**
 * Colours a text for standard output: in a terminal, unless NO_COLOR is set; elsewhere only if FORCE_COLOR is.
 */
export function paint(colour: "green" | "yellow" | "red", text: string): string {
  return styleText(colour, text);
}
