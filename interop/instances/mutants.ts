import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { isObject, ownMember, withMember, withoutMember } from "./json-path.js";
import { oddKeys, oddLists, oddMaps, oddValues } from "./odd-values.js";
import { rulesOf } from "./read-rules.js";

/** JSON that differs from that of a valid message in one place. */
export interface Mutant {
  /** What was changed, by fields rather than by values: `truth.v1.Tree.child: json "x"`. The same label, the same fault. */
  readonly label: string;
  /** The field that was changed, if it is one that the message declares. */
  readonly field?: DescField;
  readonly json: JsonValue;
}

/** Mutants of the JSON of a message. Most are invalid, some only written in another way: the caller must find out. */
export function* mutate(desc: DescMessage, json: JsonValue): Generator<Mutant> {
  for (const [name, value] of Object.entries(generic)) yield { label: `${desc.typeName} as ${name}`, json: value };
  if (isObject(json)) yield* mutateObject(desc, json);
}

/** One value of each type, and values that resemble other types. */
export const generic: Readonly<Record<string, JsonValue>> = {
  null: null,
  true: true,
  zero: 0,
  minus: -1,
  fraction: 1.5,
  huge: 1e300,
  "empty text": "",
  text: "not this",
  "text of a number": "1",
  NaN: "NaN",
  Infinity: "Infinity",
  "empty list": [],
  list: [1],
  "list of null": [null],
  "list of lists": [[]],
  "empty object": {},
  object: { "not this": 1 },
};

function* mutateObject(desc: DescMessage, json: JsonObject): Generator<Mutant> {
  for (const name of ["not a field", "", "__proto__", "constructor", "toString", "$ref", "[truth.v1.extension]"]) {
    if (desc.fields.some((field) => field.jsonName === name || field.name === name)) continue;
    yield { label: `${desc.typeName} with ${name}`, json: withMember(json, name, "x") };
  }
  for (const field of desc.fields) {
    const value = ownMember(json, field.jsonName);
    if (value !== undefined) {
      yield { label: `${field} left out`, field, json: withoutMember(json, field.jsonName) };
      if (field.name !== field.jsonName) {
        yield { label: `${field} twice`, field, json: withMember(json, field.name, value) };
      }
    }
    for (const { label, json: changed } of mutateField(field, value)) {
      yield { label: `${field}: ${label}`, field, json: withMember(json, field.jsonName, changed) };
    }
  }
}

function* mutateField(field: DescField, value: JsonValue | undefined): Generator<Mutant> {
  for (const [label, json] of Object.entries(generic)) yield { label, json };
  if (field.fieldKind === "list") yield* mutateList(field, Array.isArray(value) ? value : []);
  else if (field.fieldKind === "map") yield* mutateMap(field, isObject(value) ? value : {});
  else yield* mutateValue(field, rulesOf(field).values, value);
}

function* mutateValue(field: DescField, rules: ReturnType<typeof rulesOf>["values"], value: JsonValue | undefined) {
  for (const json of oddValues(field, rules)) yield { label: `value ${shorten(json)}`, json };
  if (field.message !== undefined && value !== undefined && isPlain(field.message) && isObject(value)) {
    yield* mutateObject(field.message, value);
  }
}

function* mutateList(field: DescField & { fieldKind: "list" }, list: readonly JsonValue[]): Generator<Mutant> {
  const { values, within } = rulesOf(field);
  for (const [label, json] of oddLists(values, list)) yield { label, json: [...json] };
  for (const [label, json] of Object.entries(generic)) yield { label: `item ${label}`, json: [...list.slice(1), json] };
  for (const { label, json } of mutateValue(field, within("items").values, list[0])) {
    yield { label: `item ${label}`, json: [json, ...list.slice(1)] };
  }
}

function* mutateMap(field: DescField & { fieldKind: "map" }, map: JsonObject): Generator<Mutant> {
  const { values, within } = rulesOf(field);
  const [first] = Object.entries(map);
  for (const [label, json] of oddMaps(values, map)) yield { label, json };
  if (first === undefined) return;
  const [name, value] = first;
  const rest = withoutMember(map, name);
  for (const key of oddKeys(field.mapKey, within("keys").values)) {
    yield { label: `key ${shorten(key)}`, json: withMember(rest, key, value) };
  }
  for (const [label, json] of Object.entries(generic))
    yield { label: `value as ${label}`, json: withMember(map, name, json) };
  for (const { label, json } of mutateValue(field, within("values").values, value)) {
    yield { label: `value ${label}`, json: withMember(map, name, json) };
  }
}

/** Whether a message is written as an object of its fields. */
function isPlain(desc: DescMessage): boolean {
  return !isWrapperDesc(desc) && !desc.typeName.startsWith("google.protobuf.");
}

function shorten(json: JsonValue): string {
  const text = JSON.stringify(json);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
