import type { DescMessage } from "@bufbuild/protobuf";
import { suggest } from "../../../diagnostics/index.js";
import { graphqlOptionNumbers } from "../../../model/index.js";
import { fieldsOf, type LookupBinding } from "../contract/index.js";
import { listOutputMembers, type Types } from "../types/index.js";

/** The applied directives, by `Type` or `Type.field`. */
export type Applied = ReadonlyMap<string, readonly string[]>;

/** Collects the federation directives of a schema. `messages`: the messages of object types, by type name. */
export function applyDirectives(
  types: Types,
  messages: ReadonlyMap<string, DescMessage>,
  lookupsOf: (desc: DescMessage) => readonly LookupBinding[],
): Map<string, string[]> {
  const applied = new Map<string, string[]>();
  const apply = (coordinate: string, directive: string) =>
    applied.set(coordinate, [...(applied.get(coordinate) ?? []), directive]);
  for (const [name, desc] of messages) {
    const { key, shareable } = types.facts.type(desc);
    const members = listOutputMembers(types, desc);
    const lookups = lookupsOf(desc);
    for (const one of key) {
      const fields = fieldsOf(desc, one);
      if (fields.length === 0) {
        reportKey(types, desc, one);
        continue;
      }
      const shown = fields.map((field) => members.find((member) => member.desc === field)?.name ?? field.jsonName);
      const found = lookups.some(({ keys }) => fields.every((field) => Object.values(keys).includes(field.name)));
      apply(name, `@key(fields: "${shown.join(" ")}"${found ? "" : ", resolvable: false"})`);
    }
    if (shareable) apply(name, "@shareable");
    for (const member of members) {
      if (member.desc.kind === "field" && types.facts.field(member.desc).shareable) {
        apply(`${name}.${member.name}`, "@shareable");
      }
    }
  }
  return applied;
}

function reportKey(types: Types, desc: DescMessage, key: string): void {
  const names = key.split(/\s+/).filter((name) => name !== "");
  const wrong = names.find((name) => !desc.fields.some((field) => field.name === name)) ?? "";
  const meant = suggest(
    wrong,
    desc.fields.map(({ name }) => name),
  );
  const reason = wrong === "" ? "a key must name at least one field" : `${desc.name} has no field "${wrong}"`;
  const ref = { desc, option: graphqlOptionNumbers.type };
  types.diagnostics.report(
    "graphql-option",
    ref,
    "key",
    desc.name,
    meant === "" ? reason : `${reason}; did you mean "${meant}"?`,
  );
}
