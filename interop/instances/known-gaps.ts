import type { JsonValue } from "@bufbuild/protobuf";
import { type Version, versions } from "./documents.js";

/** JSON that the runtime refuses and a schema accepts. */
export interface Missed {
  readonly version: Version;
  /** What was changed in valid JSON, as the mutant has it. */
  readonly label: string;
  readonly json: JsonValue;
  /** The rules by which the runtime refuses it: of protovalidate, or `json.…` of the codec. */
  readonly rules: readonly string[];
  /** The error text of the codec. */
  readonly reasons: readonly string[];
}

/** A value that the runtime refuses and that no keyword can exclude. */
export interface Gap {
  readonly name: string;
  readonly why: string;
  /** The affected versions; undefined: all. */
  readonly versions?: readonly Version[];
  readonly covers: (missed: Missed) => boolean;
  /** A message of the truth table, and JSON of it that shows the gap. */
  readonly example: { readonly message: string; readonly json: JsonValue; readonly label?: string };
}

/** Covers what is refused by these rules and by no others. */
function onlyBy(...names: readonly (string | RegExp)[]): Gap["covers"] {
  return ({ rules }) =>
    rules.every((rule) => names.some((name) => (typeof name === "string" ? name === rule : name.test(rule))));
}

/** Covers what the codec refuses with these words alone, where the JSON looks like this. */
function onlyFor(reason: RegExp, looks: RegExp): Gap["covers"] {
  return ({ reasons, json }) =>
    reasons.length > 0 && reasons.every((one) => reason.test(one)) && looks.test(JSON.stringify(json));
}

/** The rules that protovalidate has by itself; others are in CEL. */
const standard =
  /^(json|string|bytes|bool|float|double|[us]?int(32|64)|s?fixed(32|64)|enum|repeated|map|any|duration|timestamp|field_mask|message|required)\b/;

/** All gaps. Schemas must refuse everything else that the runtime refuses. */
export const knownGaps: readonly Gap[] = [
  {
    name: "rules in CEL",
    why: "An expression over values, which a schema has no words for. It stands in the description.",
    covers: ({ rules }) => rules.every((rule) => !standard.test(rule) && rule !== "validation.error"),
    example: { message: "MessageCel", json: { low: 2, high: 1 } },
  },
  {
    name: "lone surrogates",
    why: "Half a character, as an escape in a string: a pattern would have to stand at every string and every key.",
    covers: ({ json }) => !isWellFormed(json),
    example: { message: "OptionalScalars", json: { fString: "\ud800" } },
  },
  {
    name: "nesting",
    why: "A schema that refers to itself does not count how often. The codec stops at a hundred levels.",
    covers: onlyBy("json.depth"),
    example: { message: "Tree", json: nest(101) },
  },
  {
    name: "length in bytes",
    why: "Schemas count code points, of which each takes one to four bytes: a range around the length is all they can say.",
    covers: onlyBy("string.len_bytes", "string.min_bytes", "string.max_bytes"),
    example: { message: "StringRules", json: { fLenBytes: "ééééé" } },
  },
  {
    name: "contents of bytes",
    why: "In base64 the same bytes look different by where they stand.",
    covers: onlyBy("bytes.prefix", "bytes.suffix", "bytes.contains", "bytes.pattern", "validation.error"),
    example: { message: "BytesAffixes", json: { fPrefix: "eHg=" } },
  },
  {
    name: "bounds of durations",
    why: "Numbers in texts have no order, and fractions of seconds make patterns that nobody can read.",
    covers: onlyBy(/^duration\.(lt|lte|gt|gte|not_in)/),
    example: { message: "DurationBounds", json: { fLt: "10s" } },
  },
  {
    name: "bounds of times",
    why: "One point in time has many notations, which have no order; and no schema knows what time it is.",
    covers: onlyBy(/^timestamp\./),
    example: { message: "TimestampBounds", json: { fLtNow: "9999-12-31T23:59:59Z" } },
  },
  {
    name: "times whose offset leads out of the years",
    why: "The years 0001 to 9999 are those of UTC, the text is in the time of its offset.",
    covers: onlyFor(/RFC 3339/, /"(0001-01-01|9999-12-31)T[\d:.]+[+-]/),
    example: { message: "TimestampRules", json: { fRequired: "0001-01-01T00:00:00+01:00" } },
  },
  {
    name: "contents of an Any",
    why: "Which types are known, and what is in them, depends on who reads; a schema says only that there is a type.",
    covers: onlyFor(/@type/, /"@type":"/),
    example: { message: "SingularWellKnown", json: { fAny: { "@type": "type.googleapis.com/not.Known" } } },
  },
  {
    name: "networks",
    why: "Whether the bits behind a prefix are zero is arithmetic. The pattern says only how it looks.",
    covers: onlyBy(/^string\.(ip|ipv4|ipv6)_(prefix|with_prefixlen)$/),
    example: { message: "StringFormats", json: { fIpPrefix: "127.0.0.1/8" } },
  },
  {
    name: "host and port",
    why: "Three kinds of hosts, each with a grammar of its own that a format has, and formats cannot be part of a text.",
    covers: onlyBy("string.host_and_port"),
    example: { message: "StringFormats", json: { fHostAndPort: "a b:80" } },
  },
  {
    name: "references to URIs",
    why: "The format says it, but this validator takes a colon in the first segment for nothing special.",
    covers: onlyBy("string.uri_ref"),
    example: { message: "StringFormats", json: { fUriRef: "::" } },
  },
  {
    name: "keys of maps in 3.0",
    why: "The version has no propertyNames.",
    versions: ["3.0"],
    covers: ({ label }) => /: (key |too many)/.test(label),
    example: { message: "ScalarMapKeys", json: { byInt32: { x: "" } }, label: "field: key x" },
  },
];

/** The gap that explains why the schema accepts some JSON. */
export function findGap(missed: Missed): Gap | undefined {
  return knownGaps.find((gap) => (gap.versions ?? versions).includes(missed.version) && gap.covers(missed));
}

function isWellFormed(json: JsonValue): boolean {
  // Unpaired surrogates are escaped, and some other characters too.
  return !/\\ud[89a-f]/.test(JSON.stringify(json));
}

function nest(levels: number): JsonValue {
  return levels <= 1 ? {} : { child: nest(levels - 1) };
}
