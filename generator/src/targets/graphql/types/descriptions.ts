import type { AnyDesc } from "@bufbuild/protobuf";
import { readComment } from "../../../descriptors/index.js";

/** The description of a schema element: its comment. */
export function describe(desc: AnyDesc): { description?: string } {
  const description = readComment(desc);
  return description === "" ? {} : { description };
}

/** The deprecation reason: the text after `Deprecated:` in the comment, the convention of Go and buf. */
export function deprecate(
  desc: AnyDesc & { readonly deprecated: boolean },
  ...owners: readonly { readonly deprecated: boolean }[]
): { deprecationReason?: string } {
  if (![desc, ...owners].some(({ deprecated }) => deprecated)) return {};
  const reason = /^deprecated:?\s+([\s\S]*?)(?:\n\n|(?![\s\S]))/im
    .exec(readComment(desc))?.[1]
    ?.replace(/\s+/g, " ")
    .trim();
  return { deprecationReason: reason === undefined || reason === "" ? "No longer supported" : reason };
}
