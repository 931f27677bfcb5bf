import { type DescField, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { Edition, FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { GraphQLUnionMember } from "../../../graphql-bindings/index.js";
import { type MessageLibrary, propertyOf, staleModule } from "./message-types.js";
import { type ConvertValue, convertValue, type ValueContext, wideIntegers } from "./read-value.js";

type Message = Readonly<Record<string, unknown>>;

/** Reads the value of a schema field from a message. */
export type ReadField = (message: unknown) => unknown;

/** What compiling a field needs. */
export interface FieldContext extends ValueContext {
  readonly library: MessageLibrary;
}

/**
 * Compiles the reader of a field. undefined: the default resolver reads it correctly. `name`: its name in the schema; `isId`:
 * whether its type, or that of its items, is ID.
 */
export function compileField(
  field: DescField,
  name: string,
  isId: boolean,
  context: FieldContext,
): ReadField | undefined {
  const property = propertyOf(field, context.library);
  const convert = compileContent(field, isId, context);
  // Inherited properties are no fields: those of Object.prototype, and defaults on the prototypes of protobuf-es.
  const own = property in Object.prototype || hasDefaults(field, context.library);
  if (convert === undefined && !own && property === name) return undefined;
  const read: ReadField = own
    ? (message) => (Object.hasOwn(message as object, property) ? (message as Message)[property] : undefined)
    : (message) => (message as Message)[property];
  if (convert === undefined) return read;
  return (message) => {
    const value = read(message);
    return value === undefined || value === null ? value : convert(value);
  };
}

/** Whether protobuf-es keeps the default of a field on the prototype, as it does with explicit presence outside proto3. */
function hasDefaults(field: DescField, library: MessageLibrary): boolean {
  if (library !== "es" || field.message !== undefined) return false;
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT && field.parent.file.edition !== Edition.EDITION_PROTO3;
}

function compileContent(field: DescField, isId: boolean, context: FieldContext): ConvertValue | undefined {
  const convert = convertValue(field, isId, context);
  switch (field.fieldKind) {
    case "list":
      return convert && ((list) => (list as unknown[]).map(convert));
    case "map":
      return (map) =>
        toEntries(map).map(([key, value]) => ({
          key: convertKey(field.mapKey, key),
          value: convert ? convert(value) : value,
        }));
    default:
      return convert;
  }
}

/** Converts map keys, which are strings in objects. 64-bit integers remain strings. */
function convertKey(type: ScalarType, key: unknown): unknown {
  if (typeof key !== "string" || type === ScalarType.STRING) return key;
  if (type === ScalarType.BOOL) return key === "true";
  return wideIntegers.has(type) ? key : Number(key);
}

function toEntries(map: unknown): readonly (readonly [unknown, unknown])[] {
  return map instanceof Map ? [...map] : Object.entries(map as object);
}

/** Compiles the reader of a oneof: the member that is set, as a value of its union type. */
export function compileOneof(
  oneof: DescOneof,
  members: readonly GraphQLUnionMember[],
  isId: (member: GraphQLUnionMember) => boolean,
  context: FieldContext,
): ReadField {
  const { library } = context;
  const shown = new Map<string, (value: unknown) => unknown>();
  const names: string[] = [];
  for (const member of members) {
    const field = oneof.fields.find(({ name }) => name === member.field);
    if (field === undefined) throw staleModule(`${oneof.parent.typeName} has no member ${member.field}`);
    const property = propertyOf(field, library);
    names.push(property);
    const convert = convertValue(field, isId(member), context);
    const { as, type } = member;
    if (as !== undefined)
      shown.set(property, (value) => ({ __typename: type, [as]: convert ? convert(value) : value }));
    // A message of protobuf-es has its type name; one of ts-proto needs it.
    else
      shown.set(
        property,
        library === "es" ? (value) => value : (value) => ({ ...(value as object), __typename: type }),
      );
  }
  const property = propertyOf(oneof, library);
  const show = (name: string, value: unknown) => shown.get(name)?.(value) ?? null;
  if (library === "es") {
    return (message) => {
      const { case: name, value } = (message as Message)[property] as { case?: string; value?: unknown };
      return name === undefined ? null : show(name, value);
    };
  }
  return (message) => {
    const choice = Object.hasOwn(message as object, property) ? (message as Message)[property] : undefined;
    if (typeof choice === "object" && choice !== null && "$case" in choice) {
      const name = choice.$case as string;
      return show(name, "value" in choice && !shown.has("value") ? choice.value : (choice as Message)[name]);
    }
    const name = names.find((one) => (message as Message)[one] !== undefined);
    return name === undefined ? null : show(name, (message as Message)[name]);
  };
}
