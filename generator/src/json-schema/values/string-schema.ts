import { mergeParts, type Schema } from "../keywords/index.js";
import { type Notes, noteRules, type RuleValues } from "../read-rules/index.js";

/** The last label of a hostname must not be a number, which the format alone allows. */
const notDigits = "[^0-9.][^.]*\\.?$";

/**
 * Formats that reject the empty text in protovalidate. The minimum length covers validators that do not assert
 * formats.
 */
const formats: Readonly<Record<string, Schema>> = {
  email: { format: "email", minLength: 1 },
  hostname: { format: "hostname", minLength: 1, pattern: notDigits },
  ip: { anyOf: [{ format: "ipv4" }, { format: "ipv6" }], minLength: 1 },
  ipv4: { format: "ipv4", minLength: 1 },
  ipv6: { format: "ipv6", minLength: 1 },
  uri: { format: "uri", minLength: 1 },
  uriRef: { format: "uri-reference" },
  address: {
    anyOf: [{ format: "hostname", pattern: notDigits }, { format: "ipv4" }, { format: "ipv6" }],
    minLength: 1,
  },
  uuid: { format: "uuid", pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$" },
  tuuid: { pattern: "^[0-9a-fA-F]{32}$" },
  ulid: { pattern: "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$" },
  protobufFqn: { pattern: "^[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*$" },
  protobufDotFqn: { pattern: "^\\.[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*$" },
  ipWithPrefixlen: { pattern: "/[0-9]{1,3}$" },
  ipv4WithPrefixlen: { pattern: "^[0-9.]+/[0-9]{1,2}$" },
  ipv6WithPrefixlen: { pattern: "^[0-9a-fA-F]*:[0-9a-fA-F:.]+/[0-9]{1,3}$" },
  ipPrefix: { pattern: "/[0-9]{1,3}$" },
  ipv4Prefix: { pattern: "^[0-9.]+/[0-9]{1,2}$" },
  ipv6Prefix: { pattern: "^[0-9a-fA-F]*:[0-9a-fA-F:.]+/[0-9]{1,3}$" },
  hostAndPort: { pattern: ":[0-9]{1,5}$" },
};

/** Formats that the patterns above cover only partly. */
const loose: readonly string[] = [
  "ipWithPrefixlen",
  "ipv4WithPrefixlen",
  "ipv6WithPrefixlen",
  "ipPrefix",
  "ipv4Prefix",
  "ipv6Prefix",
  "hostAndPort",
];

// buf.validate.KnownRegex, strict and loose, as protovalidate defines them.
const headerName = ["^:?[0-9a-zA-Z!#$%&'*+\\-.^_|~\\x60]+$", "^[^\\u0000\\u000A\\u000D]+$"] as const;
const headerValue = ["^[^\\u0000-\\u0008\\u000A-\\u001F\\u007F]*$", "^[^\\u0000\\u000A\\u000D]*$"] as const;

/** The schema of a string. JSON Schema and protovalidate both count code points. */
export function stringSchema(values: RuleValues, notes: Notes): Schema {
  const parts: Schema[] = [];
  const add = (schema: Schema) => parts.push(schema);
  for (const [name, value] of Object.entries(values)) {
    const keyword = stringRule(name, value, values, notes);
    if (keyword !== undefined) add(keyword);
  }
  noteRules(notes, values, "lenBytes", "minBytes", "maxBytes", ...loose);
  return mergeParts({ type: "string" }, parts);
}

function stringRule(name: string, value: unknown, values: RuleValues, notes: Notes): Schema | undefined {
  const text = String(value);
  switch (name) {
    case "const":
      return { const: value };
    case "in":
      return { enum: value as string[] };
    case "notIn":
      return { not: { enum: value as string[] } };
    case "len":
      return { minLength: Number(value), maxLength: Number(value) };
    case "minLen":
      return { minLength: Number(value) };
    case "maxLen":
      return { maxLength: Number(value) };
    // A code point has one to four bytes.
    case "lenBytes":
      return { minLength: Math.ceil(Number(value) / 4), maxLength: Number(value) };
    case "minBytes":
      return { minLength: Math.ceil(Number(value) / 4) };
    case "maxBytes":
      return { maxLength: Number(value) };
    case "prefix":
      return { pattern: `^${quote(text)}` };
    case "suffix":
      return { pattern: `${quote(text)}$` };
    case "contains":
      return { pattern: quote(text) };
    case "notContains":
      return { not: { pattern: quote(text) } };
    case "pattern":
      if (isPortable(text)) return { pattern: text };
      noteRules(notes, values, "pattern");
      return undefined;
    case "wellKnownRegex":
      return { pattern: (value === 1 ? headerName : headerValue)[values["strict"] === false ? 1 : 0] };
  }
  return value === true ? formats[name] : undefined;
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Whether an RE2 pattern means the same in ECMA-262, which JSON Schema uses. */
function isPortable(pattern: string): boolean {
  if (/\\[AzQECpP]|\(\?[^:]|\[\[:/.test(pattern)) return false;
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
