import { create, type JsonValue, toJson } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { type Duration, DurationSchema, FieldMaskSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from "graphql";
import { es } from "../../../message/index.js";

// Scalars parse input to ProtoJSON, and serialise values in the form of the message library.

type Variables = Parameters<typeof valueFromASTUntyped>[1];

function scalar(
  name: string,
  serialize: (value: unknown) => unknown,
  parse: (value: unknown) => unknown,
  literals = parse,
): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    serialize: (value) => {
      try {
        return serialize(value);
      } catch (error) {
        // An internal error: the value comes from the server.
        throw new Error(`${name} cannot be serialised`, { cause: error });
      }
    },
    parseValue: parse,
    parseLiteral: (node: ValueNode, variables: Variables) => {
      // Keeps digits that exceed the precision of a number.
      const value = node.kind === Kind.INT ? new Digits(node.value) : valueFromASTUntyped(node, variables);
      try {
        return literals(value);
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
      }
    },
  });
}

/** An integer literal of a document. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function refuse(name: string, expected: string): never {
  throw new GraphQLError(`${name} must be ${expected}`, { extensions: { code: "INVALID_ARGUMENT" } });
}

function integer(name: string, least: bigint, most: bigint, asNumber: boolean): GraphQLScalarType {
  const expected = `an integer from ${least} to ${most}${asNumber ? "" : ", as a string or a safe integer"}`;
  const check = (value: unknown): bigint => {
    const given = value instanceof Digits ? value.text : value;
    const fits = typeof given === "string" ? /^-?\d{1,20}$/.test(given) : Number.isSafeInteger(given);
    const read = fits || typeof given === "bigint" ? BigInt(given as string) : undefined;
    return read === undefined || read < least || read > most ? refuse(name, expected) : read;
  };
  const parse = (value: unknown) => (asNumber ? Number(check(value)) : String(check(value)));
  const isText = (value: unknown) => typeof value === "string";
  return scalar(name, parse, (value) => (asNumber && isText(value) ? refuse(name, expected) : parse(value)));
}

const lowest = -(1n << 63n);

function toBase64(value: unknown): unknown {
  return value instanceof Uint8Array ? base64Encode(value) : value;
}

function readBase64(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    try {
      base64Decode(value);
      return value;
    } catch {
      // Rejected below.
    }
  }
  return refuse("Bytes", "a base64 string");
}

/** Serialises a Date, the form of timestamps in ts-proto. */
function textOf(value: unknown): unknown {
  if (value instanceof Date) return writeTime(value);
  return value;
}

function writeTime(date: Date): string {
  if (Number.isNaN(date.getTime())) return refuse("DateTime", "a time from year 1 to 9999");
  return date.toISOString().replace(/\.000Z$/, "Z");
}

interface Seconds {
  readonly seconds: bigint | number | string;
  readonly nanos: number;
}

function writeTimestamp(value: unknown): unknown {
  if (value instanceof Date || typeof value !== "object" || value === null) return textOf(value);
  const { seconds, nanos } = value as Seconds;
  const whole = Number(seconds);
  // From year 1 to 9999, the range of RFC 3339. Messages are not validated against it.
  if (whole >= -62_135_596_800 && whole <= 253_402_300_799 && nanos >= 0 && nanos <= 999_999_999) {
    if (nanos !== 0 && nanos % 1_000_000 === 0) return new Date(whole * 1000 + nanos / 1_000_000).toISOString();
    return `${new Date(whole * 1000).toISOString().slice(0, 19)}${writeNanos(nanos)}Z`;
  }
  return refuse("DateTime", "a time from year 1 to 9999");
}

/** Writes six or nine digits, as ProtoJSON does when three are not enough. */
function writeNanos(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  return digits.endsWith("000") ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

function writeDuration(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { seconds, nanos } = value as Seconds;
  return toJson(DurationSchema, create(DurationSchema, { seconds: BigInt(seconds), nanos }) as Duration);
}

function writeMask(value: unknown): unknown {
  const paths = Array.isArray(value) ? (value as string[]) : (value as { paths?: string[] } | string);
  if (typeof paths === "string") return paths;
  return toJson(
    FieldMaskSchema,
    create(FieldMaskSchema, { paths: Array.isArray(paths) ? paths : (paths.paths ?? []) }),
  );
}

/** Validates a string with the ProtoJSON parser of its message, and returns the string. */
function checked(name: string, expected: string, read: (json: JsonValue) => unknown): (value: unknown) => unknown {
  return (value) => {
    try {
      if (typeof value === "string") {
        read(value);
        return value;
      }
    } catch {
      // Rejected below.
    }
    return refuse(name, expected);
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Digits) return Number(value.text);
  return value;
}

function object(name: string): (value: unknown) => unknown {
  return (value) => {
    const given = plain(value);
    return typeof given === "object" && given !== null && !Array.isArray(given) ? given : refuse(name, "an object");
  };
}

function list(value: unknown): unknown {
  return Array.isArray(value) ? value : refuse("JSONList", "a list");
}

const same = (value: unknown): unknown => value;

/** The scalars that generated schemas use, by name. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = Object.fromEntries(
  [
    integer("Int64", lowest, -lowest - 1n, false),
    integer("UInt64", 0n, -lowest * 2n - 1n, false),
    integer("UInt32", 0n, 0xffff_ffffn, true),
    scalar("Bytes", toBase64, readBase64),
    scalar(
      "DateTime",
      writeTimestamp,
      checked("DateTime", "an RFC 3339 time from year 1 to 9999", (json) => es(TimestampSchema).fromJson(json)),
    ),
    scalar(
      "Duration",
      writeDuration,
      checked("Duration", "seconds with at most nine digits after the point, like 1.5s", (json) =>
        es(DurationSchema).fromJson(json),
      ),
    ),
    scalar(
      "FieldMask",
      writeMask,
      checked("FieldMask", "paths in lowerCamelCase, separated by commas", (json) =>
        es(FieldMaskSchema).fromJson(json),
      ),
    ),
    scalar("JSON", same, plain),
    scalar("JSONObject", same, object("JSONObject")),
    scalar("JSONList", same, list),
    scalar("Any", same, object("Any")),
  ].map((one) => [one.name, one]),
);

/** Whether a scalar of a schema serialises as ours of the same name. */
export function isOwnScalar({ name, serialize }: Pick<GraphQLScalarType, "name" | "serialize">): boolean {
  return Object.hasOwn(scalars, name) && scalars[name]?.serialize === serialize;
}
