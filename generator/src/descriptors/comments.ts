import type { AnyDesc } from "@bufbuild/protobuf";
import { fileOf, pathOf, readLocation } from "./source-info.js";

/**
 * What the author wrote above an element (or else behind it), as plain text. Lines for linters and AIP-192
 * internal comments `(-- … --)` are left out.
 */
export function readComment(desc: AnyDesc): string {
  const location = readLocation(fileOf(desc), pathOf(desc));
  if (location === undefined) return "";
  const text = location.leadingComments || location.trailingComments;
  return text
    .replace(/\(--[\s\S]*?--\)/g, "")
    .split("\n")
    .filter((line) => !/^\s*buf:lint:ignore\b/.test(line))
    .map((line) => line.replace(/^ /, "").trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
