import { type DescField, ScalarType } from "@bufbuild/protobuf";
import type { MethodModel, Model } from "../../../model/index.js";

const impossible: ReadonlySet<ScalarType | undefined> = new Set([
  undefined,
  ScalarType.BOOL,
  ScalarType.BYTES,
  ScalarType.DOUBLE,
  ScalarType.FLOAT,
]);

/**
 * Returns a predicate for fields of the type ID: those an option marks, the ids and keys of the model, and strings
 * named like ids. It depends only on a field and its message, so that types added elsewhere change no field.
 */
export function findIds(model: Model): (field: DescField) => boolean {
  const known = new Set<DescField>(model.fields.ids);
  for (const { aggregates, readModels, sagas, services } of model.all) {
    for (const { id } of [...aggregates, ...sagas]) known.add(id);
    for (const { key } of readModels) known.add(key);
    for (const method of services.flatMap(({ methods }) => methods)) {
      for (const field of idsOf(method, model)) if (field !== undefined) known.add(field);
    }
  }
  return (field) => {
    if (impossible.has(field.scalar)) return false;
    const { id, identifier } = model.graphql.field(field);
    if (id !== undefined) return id;
    if (identifier || known.has(field)) return true;
    return field.scalar === ScalarType.STRING && /^(?:.*_)?ids?$/.test(field.name);
  };
}

/** The request and response fields of a method that hold the id of its subject. */
function idsOf({ role, desc }: MethodModel, { fields }: Model): readonly (DescField | undefined)[] {
  if (role.kind === "query") {
    const { readModel } = role;
    const marked = desc.output.fields.find((field) => fields.ids.has(field));
    const key = desc.output === readModel?.desc ? readModel.key : marked;
    return [desc.input.fields.find(({ name, scalar }) => name === key?.name && scalar === key.scalar)];
  }
  const replied = (role.target?.reply ?? []).flatMap(({ field, from }) => (from === "id" ? [field] : []));
  return [role.target?.id, ...replied];
}

/**
 * The id fields that requests must set because the aggregate must exist. A request type counts only if every rpc that
 * takes it needs the id.
 */
export function findNeededIds(model: Model): ReadonlySet<DescField> {
  const methods = model.all.flatMap(({ services }) => services.flatMap((service) => service.methods));
  const needed = methods.flatMap(({ role }) =>
    role.kind === "command" && role.target?.id !== undefined && role.target.creates !== true
      ? (role.target.idPath[0] ?? [])
      : [],
  );
  const free = (field: DescField) =>
    methods.some(({ desc, role }) => {
      if (desc.input !== field.parent) return false;
      return role.kind !== "command" || role.target?.idPath[0] !== field || role.target.creates === true;
    });
  return new Set(needed.filter((field) => !free(field)));
}
