import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { GraphQLFieldConfig } from "graphql";
import { graphqlOptionNumbers } from "../../../model/index.js";
import type { ObjectField } from "../contract/index.js";
import { isName, lowerFirst, toCamelCase, toName, toTypeName } from "../names/index.js";
import type { Types } from "./types.js";

/** Adds a field for each entity that a field of the message refers to. */
export function addReferences(
  types: Types,
  desc: DescMessage,
  fields: Record<string, GraphQLFieldConfig<unknown, unknown>>,
  bound: Record<string, ObjectField>,
): void {
  for (const field of desc.fields) {
    const { reference, ignore } = types.facts.field(field);
    if (reference === undefined || ignore) continue;
    const ref = { desc: field, option: graphqlOptionNumbers.field };
    const message = types.findMessage(reference.type, desc.typeName, ref);
    if (message === undefined) continue;
    const entity = types.reference(message, field, ref);
    if (entity === undefined) continue;
    const name = nameOf(reference.name, field, message);
    if (!isName(name)) {
      types.diagnostics.report("graphql-name", ref, field.name, name);
    } else if (name in fields) {
      types.diagnostics.report("graphql-name-collision", ref, field.name, name, desc.name, "");
    } else {
      fields[name] = { type: entity, description: `What \`${field.name}\` is the key of; null if there is none.` };
      bound[name] = { reference: entity.name, key: field.name };
    }
  }
}

function nameOf(chosen: string, field: DescField, message: DescMessage): string {
  if (chosen !== "") return chosen;
  const stem = field.name.replace(/_id$/, "");
  return stem === field.name ? lowerFirst(toTypeName(message)) : toName(toCamelCase(stem));
}
