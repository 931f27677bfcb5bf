import {
  clone,
  create,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { PotterError } from "../errors/index.js";
import type { MessageCodec, MessageTypes } from "./codec.js";
import { es } from "./es.js";

/** A google.protobuf.FieldMask, or its paths. */
export type FieldPaths = { readonly paths: readonly string[] } | readonly string[];

/**
 * Applies a partial update to a resource (AIP-134): takes the fields that the mask names from `given`, and all others from
 * `current`. Returns a new message and changes neither argument.
 *
 * - Without a mask, or with an empty one: takes all fields that are set in `given`. `*`: takes all fields, and clears those
 *   that `given` lacks.
 * - A field that the mask names and `given` lacks is cleared. `address.city` changes one field of a message, and creates the
 *   message if necessary; `address` replaces the whole message.
 * - Lists and maps are replaced as a whole. ``labels.blue`` or ``labels.`a.b` `` sets or removes one entry of a map.
 * - A named member of a oneof replaces the one that was set.
 * - `undefined`, the value of an unset message field, is treated as a message without fields.
 *
 * Throws `invalid_argument` for a path that does not exist, or that leads into the items of a list.
 */
export function mergeFields<D extends DescMessage>(
  schema: D,
  current: MessageShape<D> | undefined,
  given: MessageShape<D> | undefined,
  mask?: FieldPaths,
): MessageShape<D>;
/** Applies a partial update to a message of any library, by its codec. */
export function mergeFields<M extends MessageTypes>(
  codec: MessageCodec<M>,
  current: M["message"] | undefined,
  given: M["message"] | undefined,
  mask?: FieldPaths,
): M["message"];
export function mergeFields(
  type: DescMessage | MessageCodec,
  current: unknown,
  given: unknown,
  mask?: FieldPaths,
): unknown {
  const codec: MessageCodec = "schema" in type ? type : (es(type) as unknown as MessageCodec);
  const { schema } = codec;
  const present = current ?? codec.create({});
  const [target, source] = [toReflectable(codec, present), toReflectable(codec, given ?? codec.create({}))];
  const paths = (mask === undefined || "paths" in mask ? mask?.paths : mask) ?? [];
  const merged = paths.includes("*") ? create(schema) : clone(schema, target);
  const all = paths.includes("*") || paths.length === 0;
  const from = reflect(schema, clone(schema, source));
  const to = reflect(schema, merged);
  for (const field of all ? schema.fields.filter((one) => from.isSet(one)) : []) copy(field, from, to);
  for (const path of all ? [] : paths) mergePath(readPath(path), from, to);
  return schema.typeName === (present as Message).$typeName ? merged : codec.decode(toBinary(schema, merged));
}

/** Converts messages of other libraries through the wire format, which all of them write. */
function toReflectable({ schema, encode }: MessageCodec, message: unknown): Message {
  const isReflectable = (message as Message).$typeName === schema.typeName;
  return isReflectable ? (message as Message) : fromBinary(schema, encode(message));
}

function mergePath(steps: readonly string[], from: ReflectMessage, to: ReflectMessage): void {
  const [name, ...rest] = steps;
  const field = findField(to.desc, name);
  if (field === undefined) throw wrongPath(`${to.desc.typeName} has no field "${name}"`);
  if (rest.length === 0) {
    copy(field, from, to);
  } else if (field.fieldKind === "map" && rest.length === 1) {
    mergeEntry(field, rest[0] as string, from, to);
  } else if (field.fieldKind === "message") {
    // A missing message clears the field in an existing message, and creates none.
    if (!from.isSet(field) && !to.isSet(field)) {
      checkPath(rest, field.message);
      return;
    }
    // Reading an unset field returns a detached message, which becomes part of the parent once it is set.
    const inner = to.get(field) as ReflectMessage;
    mergePath(rest, from.get(field) as ReflectMessage, inner);
    to.set(field, inner);
  } else {
    throw wrongPath(`"${name}" is not a message, and is replaced as a whole`);
  }
}

/** Throws for a path that does not exist, even if there is nothing to merge. */
function checkPath(steps: readonly string[], desc: DescMessage): void {
  mergePath(steps, reflect(desc), reflect(desc));
}

function copy(field: DescField, from: ReflectMessage, to: ReflectMessage): void {
  if (from.isSet(field)) to.set(field, from.get(field));
  else to.clear(field);
}

function mergeEntry(
  field: DescField & { fieldKind: "map" },
  text: string,
  from: ReflectMessage,
  to: ReflectMessage,
): void {
  const [source, target] = [from.get(field), to.get(field)];
  const keys = [...source.keys(), ...target.keys()];
  const key = keys.find((one) => String(one) === text);
  if (text === "*") throw wrongPath(`name "${field.name}" to replace all of its entries`);
  if (key === undefined) return;
  if (source.has(key)) target.set(key, source.get(key));
  else target.delete(key);
}

function findField({ fields }: DescMessage, name: string | undefined): DescField | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.jsonName === name);
}

/** Splits a path into steps. Text in backquotes is one step. */
function readPath(path: string): readonly string[] {
  const steps = path.match(/`[^`]*`|[^.]+/g) ?? [];
  const isWhole = steps.join(".") === path && steps.length > 0;
  if (!isWhole) throw wrongPath("it is not made of names and dots");
  return steps.map((step) => (step.startsWith("`") ? step.slice(1, -1) : step));
}

function wrongPath(reason: string): PotterError {
  return new PotterError("invalid_argument", `the field mask has an invalid path: ${reason}`, {
    violations: [{ field: "update_mask", rule: "field_mask.path", message: `is not a valid path: ${reason}` }],
  });
}
