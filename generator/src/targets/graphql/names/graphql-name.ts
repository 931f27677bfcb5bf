import type { DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";

/**
 * Turns a text into a GraphQL name: letters, digits and `_`, with no leading digit and no leading `__`, which
 * introspection reserves. Names of Object.prototype get a `_`, since graphql-js 16 would read them as values.
 */
export function toName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^_+/, "_");
  if (name in Object.prototype) return `${name}_`;
  return name === "" || /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Whether a schema may use a text as a name. */
export function isName(text: string): boolean {
  return /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

/** The name of a type without its package, in one word: `OuterInner`. */
export function toTypeName(desc: DescMessage | DescEnum): string {
  const { package: pkg } = desc.file.proto;
  const local = pkg === "" ? desc.typeName : desc.typeName.slice(pkg.length + 1);
  return toName(local.split(".").map(upperFirst).join(""));
}

/** The same with the package as prefix: `ShopOrdersV1Order`. */
export function toQualifiedName(desc: DescMessage | DescEnum): string {
  const { package: pkg } = desc.file.proto;
  const words = pkg.split(".").flatMap((part) => part.split("_"));
  return toName(words.map(upperFirst).join("") + toTypeName(desc));
}

/** The name of an input type: `PlaceOrderInput` for `PlaceOrderRequest`. */
export function toInputName(base: string): string {
  return `${base.replace(/(?<=.)Request$/, "")}Input`;
}

/** The name of a field: its JSON name. */
export function toFieldName(field: DescField): string {
  return toName(field.jsonName);
}

/** The name of a oneof in the style of fields: `lastChange`. */
export function toOneofName(oneof: DescOneof): string {
  return toName(lowerFirst(toCamelCase(oneof.name)));
}

/** `order_id` → `orderId`. */
export function toCamelCase(name: string): string {
  return name.replace(/_+(.)/g, (_, char: string) => char.toUpperCase()).replace(/_+$/, "");
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Allocates unique names: the first candidate that is free, or the last candidate with enough `_` appended. */
export class NameScope {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  has(name: string): boolean {
    return this.taken.has(name);
  }

  take(...wanted: readonly [string, ...string[]]): string {
    let name = wanted.find((candidate) => !this.taken.has(candidate)) ?? wanted[wanted.length - 1] ?? "";
    while (this.taken.has(name)) name += "_";
    this.taken.add(name);
    return name;
  }
}
