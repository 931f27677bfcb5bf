import type { AnyDesc } from "@bufbuild/protobuf";
import { fileOf } from "../descriptors/index.js";
import type { FileModel, Model } from "./contract-model.js";

/**
 * Lists for each file of a contract the files that it refers to: by an import, or by what the names in its options mean. What is
 * generated for a file, and no other file, depends on these and those that they refer to.
 */
export function listFileReferences({ all }: Model): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(all.map((file) => [file.desc.proto.name, referencesOf(file)] as const));
}

function referencesOf({ desc, ...elements }: FileModel): ReadonlySet<string> {
  const names = new Set<string>(desc.proto.dependency);
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (isDescriptor(value)) {
      names.add(fileOf(value).proto.name);
      return;
    }
    const owner = (value as { readonly desc?: unknown }).desc;
    if (isDescriptor(owner) && fileOf(owner) !== desc) {
      // What an element of another file refers to is listed there.
      names.add(fileOf(owner).proto.name);
      return;
    }
    for (const one of value instanceof Set ? value : Object.values(value)) visit(one);
  };
  visit(elements);
  return names;
}

function isDescriptor(value: unknown): value is AnyDesc {
  return typeof value === "object" && value !== null && "kind" in value && "proto" in value;
}
