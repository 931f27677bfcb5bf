import type { AnyDesc } from "@bufbuild/protobuf";
import { readComment } from "../descriptors/index.js";
import { printJsDoc } from "./literal.js";

/** Prints the comment of an element as JSDoc, with `@deprecated` if it applies. */
export function printDocumentation(desc: AnyDesc & { readonly deprecated?: boolean }, indent = ""): string[] {
  const comment = readComment(desc);
  const text = desc.deprecated === true ? `${comment}\n\n@deprecated` : comment;
  return printJsDoc(text.trim(), indent);
}
