import type { DescEnum, DescEnumValue } from "@bufbuild/protobuf";
import { GraphQLEnumType } from "graphql";
import { isName, NameScope, toName } from "../names/index.js";
import { deprecate, describe } from "./descriptions.js";
import type { Types } from "./types.js";

/** Names that GraphQL reserves for literals. */
const literals = new Set(["true", "false", "null"]);

/** Builds an enum. Its values have no enum name as prefix. */
export function buildEnum(types: Types, desc: DescEnum): GraphQLEnumType {
  const name = types.names.take(desc, types.facts.enumeration(desc).name);
  const scope = new NameScope();
  const named = desc.values.map((value) => [nameOf(types, value, scope), value] as const);
  const isFirst = (value: DescEnumValue) => desc.values.find(({ number }) => number === value.number) === value;
  types.bindings.enums.set(name, {
    enum: desc.typeName,
    values: Object.fromEntries(named.map(([key, value]) => [key, isFirst(value) ? value.number : value.name])),
  });
  const values = named.map(([key, value]) => [key, { ...describe(value), ...deprecate(value) }] as const);
  return new GraphQLEnumType({ name, ...describe(desc), values: Object.fromEntries(values) });
}

function nameOf(types: Types, value: DescEnumValue, scope: NameScope): string {
  const chosen = types.facts.value(value).name;
  if (chosen === "") {
    const full = toName(value.name);
    return scope.take(withoutPrefix(value) ?? (literals.has(full) ? `${full}_` : full), `${full}_`);
  }
  if (!isName(chosen) || literals.has(chosen))
    types.diagnostics.report("graphql-name", { desc: value }, value.name, chosen);
  else if (scope.has(chosen)) {
    types.diagnostics.report("graphql-name-collision", { desc: value }, value.name, chosen, value.parent.name, "");
  }
  return scope.take(literals.has(chosen) ? `${chosen}_` : toName(chosen));
}

/** Decided for each value alone: otherwise a value added later could rename the others. */
function withoutPrefix(value: DescEnumValue): string | undefined {
  const prefix = `${toUpperSnakeCase(value.parent.name)}_`;
  if (!value.name.toUpperCase().startsWith(prefix)) return undefined;
  const rest = value.name.slice(prefix.length);
  return isName(rest) && !literals.has(rest) ? rest : undefined;
}

/** `OrderStatus` → `ORDER_STATUS`. */
function toUpperSnakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();
}
