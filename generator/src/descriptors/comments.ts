import type { AnyDesc } from "@bufbuild/protobuf";
import { oncePer } from "./once.js";
import { fileOf, pathOf, readLocation } from "./source-info.js";

/**
 * Reads the comment of an element as plain text: its leading comment, or else its trailing one. Leaves out lines for linters
 * and internal comments `(-- … --)` (AIP-192).
 */
export const readComment: (desc: AnyDesc) => string = oncePer((desc) => {
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
});
