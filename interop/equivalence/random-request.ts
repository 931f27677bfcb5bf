import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** A source of random numbers that a seed determines. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    // Mulberry32.
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** Creates a request as ProtoJSON, from its descriptor. Most are valid; `malformed` percent are no ProtoJSON of the type. */
export function randomRequest(random: Random, message: DescMessage, malformed: number): unknown {
  const json = randomMessage(random, message, 0);
  return random.chance(malformed) ? distort(random, json) : json;
}

function randomMessage(random: Random, message: DescMessage, depth: number): unknown {
  const known = wellKnown[message.typeName];
  if (known !== undefined) return known(random);
  const json: Record<string, unknown> = {};
  for (const member of message.members) {
    if (!random.chance(message.fields.length > 10 ? 20 : 70)) continue;
    const field = member.kind === "oneof" ? random.of(member.fields) : member;
    if (depth > 2 && field.fieldKind === "message") continue;
    json[random.chance(90) ? field.jsonName : field.name] = randomField(random, field, depth);
  }
  return json;
}

function randomField(random: Random, field: DescField, depth: number): unknown {
  const several = <T>(create: () => T): T[] => Array.from({ length: random.below(4) }, create);
  const one = (): unknown => {
    if (field.fieldKind === "map") throw new Error("a map has entries");
    if (field.message !== undefined) return randomMessage(random, field.message, depth + 1);
    return field.enum === undefined
      ? randomScalar(random, field.scalar as ScalarType)
      : randomEnum(random, field.enum as DescEnum);
  };
  if (field.fieldKind === "list") return several(one);
  if (field.fieldKind !== "map") return one();
  const value = (): unknown =>
    field.mapKind === "message"
      ? randomMessage(random, field.message, depth + 1)
      : field.mapKind === "enum"
        ? randomEnum(random, field.enum)
        : randomScalar(random, field.scalar);
  return Object.fromEntries(several(() => [String(randomScalar(random, field.mapKey)), value()]));
}

function randomEnum(random: Random, { values }: DescEnum): unknown {
  return random.of(values)[random.chance(90) ? "name" : "number"];
}

const texts = [
  "",
  "a",
  "teapot",
  "ä€😀",
  "white space",
  "line\nbreak",
  '"quoted"',
  "a/b?c=d&e",
  "x".repeat(40),
  "%41+b",
];
const longs = ["0", "1", "-1", "42", "9007199254740993", "-9223372036854775808", "9223372036854775807"];
const unsigned = ["0", "1", "42", "18446744073709551615"];

function randomScalar(random: Random, type: ScalarType): unknown {
  switch (type) {
    case ScalarType.BOOL:
      return random.chance(50);
    case ScalarType.STRING:
      return random.of(texts);
    case ScalarType.BYTES:
      return random.of(["", "AA==", "AQID", "/+8="]);
    case ScalarType.DOUBLE:
      return random.of([0, 1.5, -2.25, 1e300, "NaN", "Infinity", "-Infinity"]);
    case ScalarType.FLOAT:
      return random.of([0, 1.5, -2.25, "NaN", "Infinity"]);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return random.of(longs);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return random.of(unsigned);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return random.of([0, 1, 42, 4294967295]);
    default:
      return random.of([0, 1, -1, 42, 2147483647, -2147483648]);
  }
}

const wellKnown: Readonly<Record<string, (random: Random) => unknown>> = {
  "google.protobuf.Timestamp": (random) => random.of(["2020-01-02T03:04:05Z", "1970-01-01T00:00:00.123456789Z"]),
  "google.protobuf.Duration": (random) => random.of(["0s", "1.5s", "-3.000000001s"]),
  "google.protobuf.Struct": (random) => random.of([{}, { a: 1, b: ["x", null, true], c: { d: "e" } }]),
  "google.protobuf.StringValue": (random) => random.of(texts),
  "google.protobuf.Int64Value": (random) => random.of(longs),
};

/** Makes JSON that is no ProtoJSON of its type. */
function distort(random: Random, json: unknown): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { not: json };
  const keys = Object.keys(json);
  if (keys.length === 0 || random.chance(40)) return { ...json, unknownField: 1 };
  return { ...json, [random.of(keys)]: random.of([{ wrong: [1] }, [[]], [{}, "x"]]) };
}
