import type { AnyDesc, DescEnumValue, DescField, DescFile, DescMethod, DescOneof } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";

/** Returns the element of that name, or else the innermost one that would contain it: the service of an rpc that is gone. */
export function findNearest(element: string, elements: ReadonlyMap<string, AnyDesc>): AnyDesc | undefined {
  // Parts and arguments have a suffix: `shop.Order.paid (union).Card`, `shop.Orders.Get(id)`.
  let name = element.replace(/[ (].*$/, "");
  while (name !== "") {
    const found = elements.get(name);
    if (found !== undefined) return found;
    name = name.slice(0, Math.max(name.lastIndexOf("."), 0));
  }
  return undefined;
}

/** The types and services of files and their members, by full name. */
export function listElements(files: readonly DescFile[]): ReadonlyMap<string, AnyDesc> {
  const types = files.flatMap((file) => [...nestedTypes(file)]);
  return new Map(
    types.flatMap((type): readonly (readonly [string, AnyDesc])[] => [
      [type.typeName, type],
      ...membersOf(type).map((member) => [`${type.typeName}.${member.name}`, member] as const),
    ]),
  );
}

function membersOf(type: AnyDesc): readonly (DescField | DescOneof | DescEnumValue | DescMethod)[] {
  switch (type.kind) {
    case "message":
      return [...type.fields, ...type.oneofs];
    case "enum":
      return type.values;
    case "service":
      return type.methods;
    default:
      return [];
  }
}
