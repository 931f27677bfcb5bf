// The text of a proto file with the places of its options: what a rewrite needs, and no more. buf has compiled the file before.
export { type FileSyntax, type ImportStatement, type OptionStatement, parseFile } from "./parse-file.js";
export type { LiteralField, LiteralMessage } from "./parse-literal.js";
export { type Comment, UnreadableText } from "./tokens.js";
