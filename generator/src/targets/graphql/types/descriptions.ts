import type { AnyDesc } from "@bufbuild/protobuf";
import { readComment } from "../../../descriptors/index.js";

/** What is said of an element of the schema. */
export function describe(desc: AnyDesc): { description?: string } {
  const description = readComment(desc);
  return description === "" ? {} : { description };
}

/** Why an element is deprecated: what its comment says after `Deprecated:`, as tools of Go and buf write it. */
export function deprecate(
  desc: AnyDesc & { readonly deprecated: boolean },
  ...owners: readonly { readonly deprecated: boolean }[]
): { deprecationReason?: string } {
  if (![desc, ...owners].some(({ deprecated }) => deprecated)) return {};
  const said = /^deprecated:?\s+([\s\S]*?)(?:\n\n|(?![\s\S]))/im
    .exec(readComment(desc))?.[1]
    ?.replace(/\s+/g, " ")
    .trim();
  return { deprecationReason: said === undefined || said === "" ? "No longer supported" : said };
}
