import { type DescField, type DescMessage, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import fc, { type Arbitrary } from "fast-check";

/** Boundary values of what fields accept. */
export const borderValues: readonly unknown[] = [
  ...[null, undefined, true, false, 0, -0, 1, -1, 1.5, 1e3, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1],
  ...[2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 3.4e38, 3.5e38, 1e308, 5e-324],
  ...[Number.NaN, Number.POSITIVE_INFINITY, "NaN", "Infinity", "-Infinity", "", " ", "1 ", " 1", "+1", "1e3", "1.0"],
  ...["0x10", "-0", "007", "0", "1", "-1", "4294967295", "4294967296", "2147483648", "1.5", "1_0", "0b1", "１"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
  ...["999999999999999999", "1000000000000000000", "18446744073709551615", "18446744073709551616"],
  ...["\ud800", "\udc00x", "a\ud83d\ude00", 'q"q', "back\\slash", "\u0000", "\n", "\u2028", "x".repeat(70)],
  ...["true", "false", "null", "AQ==", "AQ", "A_-", "A+/", "%%", "A", "AQ==AQ==", "__proto__", "toString"],
  ...["OPEN_ONE", "CLOSED_TWO", "ALIASED_UNO", "COLOR_RED", "OPEN_FOUR", "NULL_VALUE"],
  ...["2024-02-29T12:30:59Z", "2023-02-29T12:30:59Z", "2024-04-31T00:00:00Z", "2024-00-10T00:00:00Z"],
  ...[
    "2024-13-10T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T23:60:00Z",
    "2024-01-01T12:60:00Z",
    "2024-01-01T12:00:60Z",
  ],
  ...["2024-01-01T23:59:60Z", "0001-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "9999-12-31T23:59:59.999999999Z"],
  ...[
    "2024-01-01T00:00:00+01:00",
    "2024-01-01T00:00:00.1Z",
    "2024-01-01T00:00:00.1234567890Z",
    "1969-12-31T23:59:59.5Z",
  ],
  ...["2024-01-01t00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx"],
  ...["1s", "-1s", "-0s", "-0.5s", "-1.0s", "1.123456789s", "1.1234567890s", "1.s", "01s", "1sx", "s", "+1s"],
  ...["315576000000s", "315576000001s", "-315576000000.5s", "-315576000001s", "0.000001s", "aB,cD.eF", "a_b"],
  ...[[], {}, [null], [[]], [{}], ["a"], { a: null }, { value: 1 }, 10n],
];

export const borders: Arbitrary<unknown> = fc.constantFrom(...borderValues);

const time = fc
  .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(
    ([seconds, nanos]) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, "0")}Z`,
  );
const duration = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 315_576_000_000 }), fc.stringMatching(/^\d{1,9}$/))
  .map(([negative, seconds, nanos]) => `${negative ? "-" : ""}${seconds}.${nanos}s`);

const fractional = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.float({ noNaN: true }).map(String));
const signed32 = fc.oneof(fc.integer(), fc.integer().map(String));
const unsigned32 = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(String));
const signed64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.maxSafeInteger());
const unsigned64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), fc.maxSafeNat());

const scalars: Readonly<Record<ScalarType, Arbitrary<unknown>>> = {
  [ScalarType.DOUBLE]: fractional,
  [ScalarType.FLOAT]: fc.float({ noNaN: true, noDefaultInfinity: true }),
  [ScalarType.INT32]: signed32,
  [ScalarType.SINT32]: signed32,
  [ScalarType.SFIXED32]: signed32,
  [ScalarType.UINT32]: unsigned32,
  [ScalarType.FIXED32]: unsigned32,
  [ScalarType.INT64]: signed64,
  [ScalarType.SINT64]: signed64,
  [ScalarType.SFIXED64]: signed64,
  [ScalarType.UINT64]: unsigned64,
  [ScalarType.FIXED64]: unsigned64,
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.STRING]: fc.string({ unit: "binary", maxLength: 8 }),
  [ScalarType.BYTES]: fc.base64String({ maxLength: 12 }),
};

/** JSON that mostly fits a message. About `strange` percent of the values are of another kind. */
export function arbitraryJson(schema: DescMessage, strange: number): Arbitrary<unknown> {
  return arbitraryMessage(schema, strange, 3);
}

function arbitraryMessage(schema: DescMessage, strange: number, levels: number): Arbitrary<unknown> {
  const special = arbitrarySpecial(schema);
  if (special !== undefined) return special;
  const fields = schema.fields.filter((field) => field.message === undefined || levels > 0);
  if (fields.length === 0) return fc.constant({});
  const entry = fc.nat(fields.length - 1).chain((at) => arbitraryEntry(fields[at] as DescField, strange, levels));
  const foreign = fc.tuple(
    fc.constantFrom("nope", "__proto__", "constructor", "[test.odd.v1.more]", "$typeName"),
    borders,
  );
  const oneOf = strange === 0 ? entry : fc.oneof({ weight: 300, arbitrary: entry }, { weight: 1, arbitrary: foreign });
  return fc
    .array(oneOf, { maxLength: 6 })
    .map((entries) => toObject(strange === 0 ? withoutConflicts(schema, entries) : entries));
}

function arbitraryEntry(field: DescField, strange: number, levels: number): Arbitrary<[string, unknown]> {
  const value = arbitraryField(field, strange, levels);
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constant(field.jsonName) },
    { weight: 1, arbitrary: fc.constant(field.name) },
  );
  return fc.tuple(name, orStrange(value, strange));
}

function orStrange(value: Arbitrary<unknown>, strange: number): Arbitrary<unknown> {
  if (strange === 0) return value;
  return fc.oneof({ weight: 100 - strange, arbitrary: value }, { weight: strange, arbitrary: borders });
}

function arbitraryField(field: DescField, strange: number, levels: number): Arbitrary<unknown> {
  const value = orStrange(arbitraryElement(field, strange, levels), strange);
  if (field.fieldKind === "list") return fc.array(value, { maxLength: 3 });
  if (field.fieldKind !== "map") return value;
  const key = orStrange(scalars[field.mapKey].map(String), strange).map(String);
  return fc.array(fc.tuple(key, value), { maxLength: 3 }).map(toObject);
}

function arbitraryElement(field: DescField, strange: number, levels: number): Arbitrary<unknown> {
  if (field.message !== undefined) return arbitraryMessage(field.message, strange, levels - 1);
  if (field.enum !== undefined) {
    return fc.constantFrom(...field.enum.values.flatMap(({ name, jsonName, number }) => [name, jsonName, number]));
  }
  return scalars[field.scalar as ScalarType];
}

function arbitrarySpecial(schema: DescMessage): Arbitrary<unknown> | undefined {
  if (isWrapperDesc(schema)) return scalars[schema.fields[0]?.scalar as ScalarType];
  switch (schema.typeName) {
    case "google.protobuf.Timestamp":
      return time;
    case "google.protobuf.Duration":
      return duration;
    case "google.protobuf.FieldMask":
      return fc.constantFrom("", "a", "a,bC", "a.bC");
    case "google.protobuf.Struct":
      return fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    case "google.protobuf.Value":
      return fc.jsonValue({ maxDepth: 2 });
    case "google.protobuf.ListValue":
      return fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 });
    case "google.protobuf.Any":
      return fc.constant({});
  }
  return undefined;
}

/** Creates an object like JSON.parse: every name, `__proto__` included, is an own member. */
function toObject(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function withoutConflicts(
  schema: DescMessage,
  entries: readonly (readonly [string, unknown])[],
): readonly [string, unknown][] {
  const seen = new Set<unknown>();
  return entries.flatMap(([name, value]): [string, unknown][] => {
    const field = schema.fields.find((one) => one.jsonName === name || one.name === name);
    const slot = field?.oneof ?? field;
    if (seen.has(slot)) return [];
    seen.add(slot);
    return [[name, value]];
  });
}

/** Arbitrary JSON under the names of the message's fields. */
export function arbitraryAny(schema: DescMessage): Arbitrary<JsonValue> {
  const names = fc.constantFrom("value", ...schema.fields.flatMap(({ name, jsonName }) => [name, jsonName]));
  const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      borders as Arbitrary<JsonValue>,
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(names, tie("json"), { maxKeys: 4 }),
    ),
  }));
  return json;
}
