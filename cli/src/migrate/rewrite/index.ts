// Options of Go Potter replaced in the text of a proto file: comments, layout and line ends stay as they are.
export { type Refusal, type Rewritten, rewriteFile } from "./rewrite-file.js";
