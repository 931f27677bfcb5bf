import type { Schema } from "../keywords/index.js";
import { rangePattern } from "./range-pattern.js";

const date = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?";

/**
 * The maximum seconds of a duration, 10,000 years. A fraction more is allowed, as in the codec and in the definition.
 */
const longest = 315_576_000_000n;

/** Components of types that have their own ProtoJSON form, by type name. */
export const wellKnownComponents: Readonly<Record<string, Schema>> = {
  "google.protobuf.Timestamp": {
    title: "Timestamp",
    description: "A point in time in RFC 3339 format: years 0001 to 9999, at most nine digits of a second.",
    type: "string",
    format: "date-time",
    pattern: `^${date}T${time}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`,
  },
  "google.protobuf.Duration": {
    title: "Duration",
    description: "A span of time, in seconds with at most nine digits after the point: `1.5s`.",
    type: "string",
    pattern: `^-?${rangePattern(0n, longest)}(\\.[0-9]{1,9})?s$`,
  },
  "google.protobuf.FieldMask": {
    title: "FieldMask",
    description: "Paths of fields in lowerCamelCase, with commas between them: `displayName,address.city`.",
    type: "string",
    pattern: "^[^_]*$",
  },
  "google.protobuf.Any": {
    title: "Any",
    description: "A message of any type: its fields and the URL of its type.",
    type: "object",
    properties: {
      "@type": { type: "string", description: "The URL of the type: `type.googleapis.com/` and its full name." },
    },
    // An Any without a value is an empty object.
    anyOf: [{ required: ["@type"] }, { maxProperties: 0 }],
    additionalProperties: true,
    // Only the service knows the possible types.
    examples: [{}],
  },
};

/** Types with their own ProtoJSON form whose schema is short enough to be inlined. */
export const wellKnownInline: Readonly<Record<string, Schema>> = {
  "google.protobuf.Empty": { type: "object", additionalProperties: false },
  "google.protobuf.Struct": { type: "object", additionalProperties: true },
  "google.protobuf.Value": {},
  "google.protobuf.ListValue": { type: "array", items: {} },
};
