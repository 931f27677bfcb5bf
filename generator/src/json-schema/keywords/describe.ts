import type { Schema } from "./schema.js";

/** The `description` keyword, if there is any text. Paragraphs are separated by blank lines. */
export function describe(text: string | undefined, more: readonly string[] = []): { readonly description?: string } {
  const paragraphs = [text ?? "", ...more].filter((paragraph) => paragraph !== "");
  return paragraphs.length === 0 ? {} : { description: paragraphs.join("\n\n") };
}

/** The `default` keyword. */
export function parseDefault(text: string | undefined): Schema {
  return text === undefined ? {} : { default: JSON.parse(text) };
}

/** The `examples` keyword. A rule has reported texts that are not JSON. */
export function parseExample(text: string | undefined): Schema {
  if (text === undefined) return {};
  try {
    return { examples: [JSON.parse(text)] };
  } catch {
    return {};
  }
}
