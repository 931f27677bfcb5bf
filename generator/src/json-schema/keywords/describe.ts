import type { Schema } from "./schema.js";

/** The keyword for a description of several paragraphs, if there is anything to say. */
export function describe(text: string | undefined, more: readonly string[] = []): { readonly description?: string } {
  const paragraphs = [text ?? "", ...more].filter((paragraph) => paragraph !== "");
  return paragraphs.length === 0 ? {} : { description: paragraphs.join("\n\n") };
}

/** The keyword for a default. */
export function parseDefault(text: string | undefined): Schema {
  return text === undefined ? {} : { default: JSON.parse(text) };
}

/** The keyword for an example. A rule has told of texts that are no JSON. */
export function parseExample(text: string | undefined): Schema {
  if (text === undefined) return {};
  try {
    return { examples: [JSON.parse(text)] };
  } catch {
    return {};
  }
}
