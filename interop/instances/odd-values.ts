import { type DescField, type JsonObject, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { boundaries, isLong, limitsOf, nextTo } from "./arbitrary-number.js";
import { longest } from "./arbitrary-text.js";
import type { RuleValues } from "./read-rules.js";
import { oddTextsOf } from "./texts.js";

const wellKnown: Readonly<Record<string, readonly JsonValue[]>> = {
  "google.protobuf.Timestamp": [
    ...[
      "2024-13-01T00:00:00Z",
      "2024-00-01T00:00:00Z",
      "2024-01-32T00:00:00Z",
      "2024-02-30T00:00:00Z",
      "2023-02-29T00:00:00Z",
    ],
    ...["0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"],
    ...[
      "0001-01-01T00:00:00+01:00",
      "9999-12-31T23:59:59-01:00",
      "2024-01-01",
      "2024-01-01T00:00:00",
      "2024-01-01 00:00:00Z",
    ],
    ...[
      "2024-01-01t00:00:00z",
      "2024-01-01T24:00:00Z",
      "2024-01-01T23:60:00Z",
      "2016-12-31T23:59:60Z",
      "2024-01-01T23:59:60Z",
    ],
    ...["2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.0000000001Z", "2024-01-01T00:00:00+25:00", "2024-01-01T00:00Z"],
    ...["1700000000", "24-01-01T00:00:00Z", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z\n", "2024-04-31T00:00:00Z"],
    ...[
      "2024-01-01T00:00:00+00:60",
      "2024-01-01T00:00:00+0000",
      "2024-01-01T00:00:00.1+23:59",
      "-2024-01-01T00:00:00Z",
    ],
  ],
  "google.protobuf.Duration": [
    ...[
      "1",
      "s",
      "-s",
      "1.s",
      ".5s",
      "1.0000000001s",
      "315576000001s",
      "-315576000001s",
      "+1s",
      "1 s",
      " 1s",
      "1s ",
      "1S",
      "1e3s",
    ],
    ...[
      "315576000000.000000001s",
      "315576000000s",
      "-315576000000s",
      "00s",
      "01s",
      "1.5",
      "1m",
      "--1s",
      "1,5s",
      "-0s",
      "0.5s",
      "1s\n",
    ],
  ],
  "google.protobuf.FieldMask": ["a_b", "a,b_c", ",", "a,", ",a", "a b", "a..b", "aB.cD", "a,,b", "A", "1", "a.", "é"],
  "google.protobuf.Any": [
    ...[
      { "@type": "" },
      { "@type": 1 },
      { "@type": null },
      { "@type": "type.googleapis.com/not.Known" },
      { value: "1s" },
    ],
    ...[
      { "@type": "not a url" },
      { "@type": "type.googleapis.com/google.protobuf.Duration" },
      { "@type": "/", value: 1 },
    ],
    { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" },
    { "@type": "type.googleapis.com/google.protobuf.Duration", value: "x" },
  ],
};

/** Values that a field may refuse: outside its type, at the boundaries of its rules, or malformed. */
export function oddValues(field: DescField, rules: RuleValues): readonly JsonValue[] {
  const { message } = field;
  if (field.enum !== undefined) {
    const names = field.enum.values.map(({ name }) => name);
    return [...names, "NOT_A_NAME", names[0]?.toLowerCase() ?? "", 2147483648, -2147483649, 77, `${names[0]} `];
  }
  if (message === undefined) return ofScalar(field.scalar ?? ScalarType.STRING, rules);
  const [wrapped] = isWrapperDesc(message) ? message.fields : [];
  if (wrapped?.scalar !== undefined) return [...ofScalar(wrapped.scalar, rules), { value: 1 }];
  return [...(wellKnown[message.typeName] ?? []), ...bounds(message.typeName, rules)];
}

function ofScalar(type: ScalarType, rules: RuleValues): readonly JsonValue[] {
  switch (type) {
    case ScalarType.BOOL:
      return [false, "true", "false", 0];
    case ScalarType.STRING:
      return ofString(rules);
    case ScalarType.BYTES:
      return ofBytes(rules);
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return ofFloat(rules);
    default:
      return ofInteger(type, rules);
  }
}

function ofInteger(type: ScalarType, rules: RuleValues): readonly JsonValue[] {
  const [min, max] = limitsOf(type);
  const near = boundaries(rules, (bound) => [BigInt(bound) - 1n, BigInt(bound), BigInt(bound) + 1n]) as bigint[];
  const numbers = [min - 1n, min, max, max + 1n, max * 10n, min * 10n, -(2n ** 64n), 0n, ...near];
  const written = isLong(type) ? numbers.map(String) : numbers.map(Number);
  return [...written, "0x1", "1.5", "1e1000", " 1", "1 ", "", "--1", "+1", "01", "-0", "1_000", "１", "1\n"];
}

function ofFloat(rules: RuleValues): readonly JsonValue[] {
  const near = boundaries(rules, (bound) => nextTo(Number(bound))).map(Number);
  const finite = near.filter(Number.isFinite);
  return [
    ...finite,
    3.5e38,
    -3.5e38,
    1e308,
    "-Infinity",
    "nan",
    "inf",
    "+Infinity",
    "infinity",
    "1e400",
    " 1",
    "0x",
    "1f",
  ];
}

function ofString(rules: RuleValues): readonly JsonValue[] {
  const {
    len,
    min_len: min,
    max_len: max,
    len_bytes,
    min_bytes,
    max_bytes,
  } = rules as Record<string, bigint | undefined>;
  const sizes = [len, min, max, len_bytes, min_bytes, max_bytes].flatMap((size) =>
    size === undefined ? [] : [Number(size)],
  );
  const lengths = sizes
    .flatMap((size) => [size - 1, size, size + 1, size * 5])
    .filter((size) => size >= 0 && size <= longest);
  const {
    const: only,
    in: some,
    not_in: none,
    prefix,
    suffix,
    contains,
    not_contains,
  } = rules as Record<string, unknown>;
  const named = [
    only,
    ...((some ?? []) as string[]),
    ...((none ?? []) as string[]),
    prefix,
    suffix,
    contains,
    not_contains,
  ];
  const texts = named.flatMap((text) =>
    typeof text === "string" ? [text, `${text}x`, `x${text}`, text.slice(1), text.toUpperCase()] : [],
  );
  const made = lengths.flatMap((size) => ["a".repeat(size), "😀".repeat(size), "é".repeat(size), "7".repeat(size)]);
  return [...texts, ...made, ...oddTextsOf(rules), "abc\n", "A", "z", "\ud800", "a\udc00"];
}

function ofBytes(rules: RuleValues): readonly JsonValue[] {
  const { len, min_len: min, max_len: max } = rules as Record<string, bigint | undefined>;
  const sizes = [
    len,
    min,
    max,
    rules["ip"] || rules["ipv4"] ? 4n : undefined,
    rules["ipv6"] || rules["uuid"] ? 16n : undefined,
  ];
  const lengths = sizes.flatMap((size) =>
    size === undefined ? [] : [Number(size) - 1, Number(size), Number(size) + 1],
  );
  const listed = [
    rules["const"],
    ...((rules["in"] ?? []) as Uint8Array[]),
    ...((rules["not_in"] ?? []) as Uint8Array[]),
  ];
  const named = listed.flatMap((bytes) => (bytes instanceof Uint8Array ? [bytes] : []));
  const made = [0, 1, 2, 3, ...lengths]
    .filter((size) => size >= 0 && size <= longest)
    .map((size) => new Uint8Array(size).fill(120));
  const encoded = [...made, ...named, ...named.map((bytes) => Uint8Array.of(...bytes, 1))].map((bytes) =>
    base64Encode(bytes),
  );
  return [
    ...encoded,
    "%%",
    "A",
    "AA",
    "AAA",
    "AA=",
    "=AAA",
    "A=AA",
    "A A A",
    "-_-_",
    "AB==",
    "AAAA=",
    "AA==AA==",
    "é",
    "====",
    "AAAA\n",
  ];
}

/** Times next to those that rules name. */
function bounds(typeName: string, rules: RuleValues): readonly string[] {
  const { const: only, in: some, not_in: none, lt, lte, gt, gte } = rules as Record<string, unknown>;
  const named = [only, ...((some ?? []) as unknown[]), ...((none ?? []) as unknown[]), lt, lte, gt, gte];
  return named.flatMap((time) => {
    if (typeof time !== "object" || time === null || !("seconds" in time)) return [];
    const seconds = Number(time.seconds);
    const near = [seconds - 1, seconds, seconds + 1];
    if (typeName === "google.protobuf.Duration") return near.map((value) => `${value}s`);
    return near.map((value) => new Date(value * 1000).toISOString());
  });
}

/** Lists that are too short, too long, or have duplicates. */
export function* oddLists(
  rules: RuleValues,
  list: readonly JsonValue[],
): Generator<readonly [string, readonly JsonValue[]]> {
  const [first] = list;
  if (first === undefined) return;
  const most = Number((rules["max_items"] as bigint | undefined) ?? 4n);
  yield ["doubled", [...list, ...list]];
  yield ["too many", Array.from({ length: most + 1 }, (_, index) => list[index % list.length] ?? first)];
  for (let count = 0; count < list.length; count++) yield [`only ${count}`, list.slice(0, count)];
}

/** Maps that have too few entries, or too many. */
export function* oddMaps(rules: RuleValues, map: JsonObject): Generator<readonly [string, JsonObject]> {
  const entries = Object.entries(map);
  const [first] = entries;
  if (first === undefined) return;
  for (let count = 0; count < entries.length; count++)
    yield [`only ${count}`, Object.fromEntries(entries.slice(0, count))];
  const most = Number((rules["max_pairs"] as bigint | undefined) ?? 3n);
  const more = Array.from({ length: most + 1 }, (_, index) => [String.fromCharCode(97 + index), first[1]] as const);
  yield ["too many", Object.fromEntries(more)];
  yield ["too many numbers", Object.fromEntries(more.map(([_name, value], index) => [`${index + 1}`, value]))];
}

/** Keys that a map may refuse. */
export function oddKeys(type: ScalarType, rules: RuleValues): readonly string[] {
  if (type === ScalarType.STRING) return ofString(rules).flatMap((text) => (typeof text === "string" ? [text] : []));
  if (type === ScalarType.BOOL) return ["true", "false", "True", "1", "0", "", "yes", " true"];
  const written = ofInteger(type, rules).map(String);
  return [...written, "not a number", "1.0", "1e3", "NaN", "null", "true"];
}
