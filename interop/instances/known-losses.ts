import {
  type DescField,
  type DescFile,
  type DescMessage,
  type JsonValue,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { type ReflectList, type ReflectMap, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { Edition } from "@bufbuild/protobuf/wkt";

/** A value that messages of ts-proto cannot hold, so that reading loses it. */
export interface Loss {
  readonly name: string;
  readonly why: string;
  /** Whether a message holds it, not counting nested messages. */
  readonly isIn: (desc: DescMessage, message: ReflectMessage) => boolean;
  /** A message of the truth table, JSON of it, and what is written again; undefined: it cannot be written. */
  readonly example: { readonly message: string; readonly json: JsonValue; readonly written: JsonValue | undefined };
}

/** All losses. Every other value must survive a round trip. */
export const knownLosses: readonly Loss[] = [
  {
    name: "fractions of milliseconds",
    why: "ts-proto makes a Date of a Timestamp, unless its option useDate says otherwise.",
    isIn: ({ typeName }, { message }) =>
      typeName === "google.protobuf.Timestamp" && Number((message as unknown as { nanos: number }).nanos) % 1e6 !== 0,
    example: {
      message: "TimestampRules",
      json: { fRequired: "2024-01-01T00:00:00.123456789Z" },
      written: { fRequired: "2024-01-01T00:00:00.123Z" },
    },
  },
  {
    name: "presence in proto2",
    why: "ts-proto reads all files as proto3: zero values are not written, required ones neither.",
    isIn: ({ file }) => file.edition === Edition.EDITION_PROTO2,
    example: { message: "Legacy", json: { must: "", mustClosed: "CLOSED_TWO" }, written: undefined },
  },
  {
    name: "features of editions",
    why: "ts-proto reads all files as proto3: explicit presence is lost, and so is what is delimited.",
    isIn: ({ file }) => isEdition(file),
    example: {
      message: "Editions",
      json: { explicit: "", legacyRequired: "a", part: { name: "gone" } },
      written: { legacyRequired: "a" },
    },
  },
  {
    name: "the sign of zero",
    why: "ts-proto compares with zero, as JavaScript does, and leaves out what equals it.",
    isIn: (desc, message) => desc.fields.some((field) => isFloat(field) && Object.is(message.get(field), -0)),
    example: { message: "Finite", json: { fDouble: -0 }, written: {} },
  },
];

/** The losses in a message, at any depth. */
export function findLoss(desc: DescMessage, message: Message): Loss | undefined {
  const reflected = reflect(desc, message);
  const own = knownLosses.find(({ isIn }) => isIn(desc, reflected));
  if (own !== undefined) return own;
  for (const field of desc.fields) {
    if (field.message === undefined || !reflected.isSet(field)) continue;
    for (const value of messagesOf(field, reflected)) {
      const within = findLoss(field.message, value);
      if (within !== undefined) return within;
    }
  }
  return undefined;
}

function messagesOf(field: DescField, message: ReflectMessage): Message[] {
  const value: unknown = message.get(field);
  const values =
    field.fieldKind === "list"
      ? [...(value as ReflectList)]
      : field.fieldKind === "map"
        ? [...(value as ReflectMap).values()]
        : [value];
  return values.map((one) => (one as ReflectMessage).message);
}

function isEdition({ edition }: DescFile): boolean {
  return edition !== Edition.EDITION_PROTO2 && edition !== Edition.EDITION_PROTO3;
}

function isFloat({ fieldKind, scalar }: DescField): boolean {
  return fieldKind === "scalar" && (scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT);
}
