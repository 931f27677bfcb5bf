import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { readComment } from "../../../descriptors/index.js";

/** The texts of an operation: a line, and the rest. */
export interface Summary {
  readonly summary: string;
  readonly description: string | undefined;
}

/** The maximum length of a summary, so that lists stay readable. */
const longest = 120;

/**
 * Splits a comment into its first paragraph or sentence, and the rest. Without a comment, the summary is the rpc name
 * in words.
 */
export function summarize(desc: DescMethod): Summary {
  const [first = "", ...rest] = readComment(desc).split(/\n\n+/);
  const paragraph = first.replace(/\s+/g, " ");
  if (paragraph === "") return { summary: splitName(desc.name), description: undefined };
  if (paragraph.length <= longest) return { summary: trimDot(paragraph), description: joined(rest) };
  const end = paragraph.search(/[.!?] /);
  if (end < 0 || end > longest) return { summary: splitName(desc.name), description: joined([first, ...rest]) };
  return { summary: trimDot(paragraph.slice(0, end + 1)), description: joined([paragraph.slice(end + 2), ...rest]) };
}

/** The description of a service. Linters require a description of every tag. */
export function describeService(desc: DescService): string {
  return readComment(desc) || `The operations of ${desc.typeName}.`;
}

function joined(paragraphs: readonly string[]): string | undefined {
  return paragraphs.length === 0 ? undefined : paragraphs.join("\n\n");
}

function trimDot(text: string): string {
  return text.replace(/(?<!\.)\.$/, "");
}

/** `PlaceOrder` → `Place order`. */
function splitName(name: string): string {
  const words = name
    .replace(/_/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .trim()
    .split(/\s+/);
  const [first = name, ...rest] = words;
  const lower = rest.map((word) => (/^[A-Z]+$/.test(word) && word.length > 1 ? word : word.toLowerCase()));
  return [first.charAt(0).toUpperCase() + first.slice(1), ...lower].join(" ");
}
