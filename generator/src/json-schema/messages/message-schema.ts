import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { readComment } from "../../descriptors/index.js";
import { describe, parseExample, type Schema } from "../keywords/index.js";
import { type Choice, readChoices, readMessageCel } from "../read-rules/index.js";
import type { References } from "../values/index.js";
import { type FieldSchema, fieldSchema } from "./field-schema.js";

/** The part of a message that a schema covers. */
export interface MessageShape {
  /** Fields to leave out, as paths of proto names: `["book", "name"]`. */
  readonly without?: readonly (readonly string[])[];
  /** Whether all fields are optional, whatever the rules say: for partial updates. */
  readonly partial?: boolean;
}

/** Builds the schema of a message: an object of its fields. Other properties are allowed only if fields are hidden. */
export function messageSchema(desc: DescMessage, references: References, shape: MessageShape = {}): Schema {
  const options = references.facts.schema(desc);
  const { without = [], partial = false } = shape;
  const hidden = desc.fields.filter((field) => references.audience.hidesField(field));
  const fields = desc.fields.filter(
    (field) => !hidden.includes(field) && !without.some((path) => isWhole(path, field)),
  );
  const open = hidden.length > 0;
  const schemas = new Map(fields.map((field) => [field, schemaOf(field, references, without)]));
  const required = partial ? [] : fields.filter((field) => schemas.get(field)?.required === true);
  const choices = choiceSchemas(
    readChoices(desc).flatMap((choice) => narrow(choice, fields, partial)),
    new Set(required),
  );
  const cel = readMessageCel(desc)
    .filter((rule) => !hidden.some(({ name }) => new RegExp(`\\b${name}\\b`).test(rule)))
    .map((rule) => `Must satisfy: ${rule}`);
  const whole = without.length === 0;
  return {
    title: options.title ?? desc.name,
    ...describe(options.description ?? readComment(desc), cel),
    type: "object",
    properties: Object.fromEntries(Array.from(schemas, ([field, { schema }]) => [field.jsonName, schema])),
    ...requireAll([...required.map(({ jsonName }) => jsonName), ...choices.required]),
    ...(!open && { additionalProperties: false }),
    ...choices.schema,
    ...(options.readOnly === true && { readOnly: true }),
    ...((desc.deprecated || options.deprecated === true) && { deprecated: true }),
    ...(whole && withoutHidden(desc, parseExample(options.example), references)),
    ...(options.externalDocs && { externalDocs: options.externalDocs }),
  };
}

/** Drops an example that contains hidden fields. */
function withoutHidden(desc: DescMessage, example: Schema, { audience }: References): Schema {
  return audience.findsHiddenIn(desc, (example.examples as readonly unknown[] | undefined)?.[0]) ? {} : example;
}

function isWhole(path: readonly string[], field: DescField): boolean {
  return path.length === 1 && path[0] === field.name;
}

function schemaOf(field: DescField, references: References, without: readonly (readonly string[])[]): FieldSchema {
  const deeper = without.filter(([name, ...rest]) => name === field.name && rest.length > 0);
  // An inlined field is not referred to, since its message would become an unused component.
  if (deeper.length === 0 || field.fieldKind !== "message") return fieldSchema(field, references);
  const schema = messageSchema(field.message, references, { without: deeper.map((path) => path.slice(1)) });
  return { schema, required: false };
}

function requireAll(names: readonly string[]): Schema {
  return names.length === 0 ? {} : { required: [...new Set(names)] };
}

/** Narrows a choice to the fields that are present; empty if nothing remains to choose. */
function narrow({ fields, required }: Choice, present: readonly DescField[], partial: boolean): Choice[] {
  const left = fields.filter((field) => present.includes(field));
  // A field that is absent here may be the one that is set.
  const stillRequired = required && !partial && left.length === fields.length;
  return left.length === 0 || (left.length === 1 && !stillRequired) ? [] : [{ fields: left, required: stillRequired }];
}

/** Expresses a choice as one branch per field, plus a branch for none of them if the choice is optional. */
function choiceSchemas(
  choices: readonly Choice[],
  required: ReadonlySet<DescField>,
): { readonly schema: Schema; readonly required: readonly string[] } {
  const single = choices.filter(({ fields }) => fields.length === 1);
  const groups = choices.filter(({ fields }) => fields.length > 1).map((choice) => toBranches(choice, required));
  const [only] = groups;
  return {
    schema: groups.length > 1 ? { allOf: groups } : (only ?? {}),
    required: single.flatMap(({ fields }) => fields.map(({ jsonName }) => jsonName)),
  };
}

function toBranches({ fields, required }: Choice, set: ReadonlySet<DescField>): Schema {
  const members = fields.map(({ jsonName }): Schema => ({ required: [jsonName] }));
  // `not: {anyOf: members}` means the same, but many tools ignore it. Some tools reject `false` as a schema.
  const none: Schema = { properties: Object.fromEntries(fields.map(({ jsonName }) => [jsonName, { not: {} }])) };
  return { oneOf: required || fields.some((field) => set.has(field)) ? members : [...members, none] };
}
