import type { AnyDesc, DescEnum, DescMessage } from "@bufbuild/protobuf";
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isUnionType,
} from "graphql";
import { type Model, messagesOf } from "../../../model/index.js";
import type { Bindings, EventsBinding, MethodBinding } from "../contract/index.js";
import type { Named } from "../names/index.js";
import { placeholder } from "../types/index.js";
import type { BuiltSchema } from "./build-schema.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Lists the schema names that stand for contract elements: types, fields, enum values, union members, root fields and
 * their arguments.
 */
export function listNames(model: Model, { schema, bindings, derived }: BuiltSchema): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  const messages = new Map<string, DescMessage>();
  const enums = new Map<string, DescEnum>();
  for (const { desc } of model.all) {
    for (const one of desc.enums) enums.set(one.typeName, one);
    for (const message of messagesOf(desc)) {
      messages.set(message.typeName, message);
      for (const one of message.nestedEnums) enums.set(one.typeName, one);
    }
  }
  addRoots(names, schema, bindings);
  for (const type of Object.values(schema.getTypeMap())) {
    const part = derived.get(type.name);
    if (part !== undefined) addDerived(names, type, part);
    const input = isInputObjectType(type);
    const binding = (input ? bindings.inputs : bindings.objects).get(type.name);
    const desc = binding && messages.get(binding.message);
    if (desc !== undefined && (input || isObjectType(type))) {
      const suffix = input ? " (input)" : "";
      names.set(type.name, { element: desc.typeName + suffix, desc });
      for (const name of Object.keys(type.getFields())) {
        addField(names, `${type.name}.${name}`, desc, name, binding?.fields ?? {}, suffix);
      }
    }
    const bound = isEnumType(type) ? bindings.enums.get(type.name) : undefined;
    const enumeration = bound && enums.get(bound.enum);
    if (bound !== undefined && enumeration !== undefined) {
      names.set(type.name, { element: bound.enum, desc: enumeration });
      for (const [name, value] of Object.entries(bound.values)) {
        const found = enumeration.values.find((one) => one.number === value || one.name === value);
        if (found !== undefined)
          names.set(`${type.name}.${name}`, { element: `${bound.enum}.${found.name}`, desc: found });
      }
    }
  }
  return names;
}

function addRoots(names: Map<string, Named>, schema: GraphQLSchema, { query, mutation, subscription }: Bindings): void {
  for (const [root, fields] of [
    ["Query", query] as const,
    ["Mutation", mutation] as const,
    ["Subscription", subscription] as const,
  ]) {
    const type = schema.getType(root);
    const shown = isObjectType(type) ? type.getFields() : {};
    for (const [name, binding] of fields) {
      const named = ofRoot(binding);
      names.set(`${root}.${name}`, named);
      for (const argument of shown[name]?.args ?? []) {
        names.set(`${root}.${name}(${argument.name})`, { ...named, element: `${named.element}(${argument.name})` });
      }
    }
  }
}

function ofRoot(binding: MethodBinding | EventsBinding): Named {
  if ("aggregate" in binding) return { element: binding.aggregate.desc.typeName, desc: binding.aggregate.desc };
  const { desc } = binding.method;
  return { element: `${desc.parent.typeName}.${desc.name}`, desc };
}

function addDerived(names: Map<string, Named>, type: GraphQLNamedType, { element, desc }: Named): void {
  names.set(type.name, { element, desc });
  const parts = isUnionType(type)
    ? type.getTypes().map(({ name }) => name)
    : isObjectType(type) || isInputObjectType(type)
      ? Object.keys(type.getFields())
      : [];
  for (const name of parts) names.set(`${type.name}.${name}`, { element: `${element}.${name}`, desc });
}

function addField(
  names: Map<string, Named>,
  full: string,
  desc: DescMessage,
  name: string,
  bound: Fields,
  suffix: string,
): void {
  const binding = bound[name] as
    | string
    | { readonly oneof?: unknown; readonly reference?: string; readonly key?: string }
    | undefined;
  const add = (element: string, found: AnyDesc) => names.set(full, { element: `${element}${suffix}`, desc: found });
  if (typeof binding === "object") {
    const found = desc.oneofs.find(
      (one) => one.name === binding.oneof || one.fields.some((field) => hasMember(binding.oneof, field.name)),
    );
    if (binding.reference !== undefined) add(`${desc.typeName}.${binding.key} -> ${binding.reference}`, desc);
    else if (found !== undefined) add(`${desc.typeName}.${found.name}`, found);
    return;
  }
  const field = desc.fields.find((one) => (binding === undefined ? one.jsonName === name : one.name === binding));
  if (field !== undefined) add(`${desc.typeName}.${field.name}`, field);
  else if (name === placeholder) add(desc.typeName, desc);
}

/** The binding of an input oneof has the proto names of its members, by schema name. */
function hasMember(oneof: unknown, field: string): boolean {
  return typeof oneof === "object" && oneof !== null && Object.values(oneof).includes(field);
}
