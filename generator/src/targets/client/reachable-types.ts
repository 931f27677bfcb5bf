import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { isSpecial } from "./json/index.js";

/** A type with a declaration of its own. */
export type DeclaredType = DescMessage | DescEnum;

/** The types that messages contain, directly or indirectly, by file and in the order of their declaration. Files are ordered by name. */
export function reachableTypes(roots: readonly DescMessage[]): ReadonlyMap<DescFile, readonly DeclaredType[]> {
  const found = new Set<DeclaredType>();
  const pending: DeclaredType[] = [...roots];
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    if (found.has(type) || isSpecial(type)) continue;
    found.add(type);
    if (type.kind === "message") pending.push(...type.fields.flatMap((field) => field.message ?? field.enum ?? []));
  }
  const files = [...new Set(Array.from(found, ({ file }) => file))].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(
    files.map((file) => [
      file,
      [...nestedTypes(file)].filter((type): type is DeclaredType => found.has(type as never)),
    ]),
  );
}
