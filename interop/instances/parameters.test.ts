// Checks that a document describes parameters as the REST transport reads them: for every type with a text form, alone, as a
// list and as the values of a map, each text is sent, and the result is compared with the schema.
import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { describe, expect, it } from "vitest";
import { compileProto, documentOf } from "../../generator/src/testing/index.js";
import { fetchHandler, firstOf } from "../../runtime/src/http/index.js";
import { es } from "../../runtime/src/message/index.js";
import { rest } from "../../runtime/src/transport/rest/index.js";
import { from30 } from "./dialect-3-0.js";

// CommonJS: Node exposes its default export as a property.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Each type, by the name of its fields. */
const types: Readonly<Record<string, string>> = {
  text: "string",
  bytes: "bytes",
  truth: "bool",
  int: "int32",
  unsigned: "uint32",
  long: "int64",
  longUnsigned: "fixed64",
  float: "float",
  double: "double",
  state: "State",
  nothing: "google.protobuf.NullValue",
  value: "google.protobuf.Value",
  time: "google.protobuf.Timestamp",
  span: "google.protobuf.Duration",
  mask: "google.protobuf.FieldMask",
  wrappedText: "google.protobuf.StringValue",
  wrappedTruth: "google.protobuf.BoolValue",
  wrappedLong: "google.protobuf.Int64Value",
  wrappedDouble: "google.protobuf.DoubleValue",
  wrappedBytes: "google.protobuf.BytesValue",
  // Types without a text form: their fields are not parameters, except those of plain messages.
  any: "google.protobuf.Any",
  struct: "google.protobuf.Struct",
  items: "google.protobuf.ListValue",
  empty: "google.protobuf.Empty",
  context: "google.protobuf.SourceContext",
  inner: "Inner",
};
const entries = Object.entries(types);
const toProtoName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const declare = (prefix: string, toType: (type: string) => string, from: number) =>
  entries.map(([name, type], at) => `${toType(type)} ${toProtoName(`${prefix}_${name}`)} = ${from + at};`).join("\n  ");

const request = compileProto({
  "texts.proto": `syntax = "proto3";
package texts;
import "google/api/annotations.proto";
${["any", "empty", "duration", "field_mask", "source_context", "struct", "timestamp", "wrappers"].map((file) => `import "google/protobuf/${file}.proto";`).join("\n")}
enum State { NONE = 0; OPEN = 1; }
message Inner { string name = 1; repeated google.protobuf.Value values = 2; }
message Texts {
  ${declare("one", (type) => type, 100)}
  ${declare("many", (type) => `repeated ${type}`, 200)}
  ${declare("map", (type) => `map<string, ${type}>`, 300)}
  oneof choice { google.protobuf.NullValue chosen_nothing = 1; google.protobuf.Value chosen_value = 2; }
  optional google.protobuf.NullValue optional_nothing = 3;
}
service Asking { rpc Ask(Texts) returns (Texts) { option (google.api.http) = {get: "/ask"}; } }
`,
});

/** Texts of every form that a type has, and of some that none has. */
const texts = [
  ...["", "a", "null", "NULL_VALUE", "0", "1", "-1", "1.5", "4294967296", "18446744073709551616", "true", "false"],
  ...["NaN", "Infinity", "QUJD", "2024-01-01T00:00:00Z", "1.5s", "a.b,c", "OPEN", "CLOSED", "{}", "[]", '"a"'],
];

/** Texts that every ProtoJSON reader must accept and no codec writes: enums by number, base64 of another alphabet or unpadded. */
const lenient = (name: string, text: string) =>
  /state|nothing/i.test(name) ? /^-?\d+$/.test(text) : /bytes/i.test(name) && /^[\w-]+$/.test(text);

const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
const schema = registry.getMessage("texts.Texts") as DescMessage;

const method = {
  service: "texts.Asking",
  name: "Ask",
  kind: "query",
  stream: "unary",
  request: es(schema),
  response: es(schema),
  http: [{ method: "GET", path: "/ask", segments: ["ask"] }],
  errors: {},
};
const host = {
  methods: [{ method, invoke: async (response: unknown) => ({ response }) }],
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  dispatch: () => Promise.reject(new Error("nothing is dispatched")),
} as unknown as Parameters<ReturnType<typeof rest>["mount"]>[0];
const handle = fetchHandler(firstOf([rest().mount(host)]));
const isRead = async (query: string) => (await handle(new Request(`http://test/ask?${query}`))).status === 200;

/** A text as the type of a schema reads it. */
const readings = (text: string): unknown[] =>
  /^(true|false|-?\d+(\.\d+)?)$/.test(text) ? [text, JSON.parse(text)] : [text];

interface Parameter {
  readonly name: string;
  readonly style?: string;
  readonly schema: { readonly $ref?: string; readonly type?: string };
}

describe.each(["3.0", "3.1"] as const)("parameters of %s", (version) => {
  const document = documentOf(request, { version });
  const translate = (one: object) => (version === "3.0" ? from30(one) : one);
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
  addFormats(ajv);
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, one]) => [name, translate(one)]);
  ajv.addSchema({ components: { schemas: Object.fromEntries(schemas) } }, "document");
  const parameters = document.paths?.["/ask"]?.get?.parameters as unknown as readonly Parameter[];
  const compile = (one: object) =>
    ajv.compile(JSON.parse(JSON.stringify(translate(one)).replaceAll('"$ref":"#/', '"$ref":"document#/')));

  it.each(parameters)("$name: REST reads exactly what the schema accepts", async ({ name, style, schema }) => {
    const accepts = compile(schema);
    const isList = schema.type === "array";
    const parameter = style === "deepObject" ? `${name}[key]` : name;
    const shape = (value: unknown) => (isList ? [value] : style === "deepObject" ? { key: value } : value);
    const faults: string[] = [];
    let accepted = 0;
    for (const text of texts) {
      const said = readings(text).some((value) => accepts(shape(value)));
      const pair = `${encodeURIComponent(parameter)}=${encodeURIComponent(text)}`;
      const read = await isRead(pair);
      if (said !== read && !(read && lenient(name, text)))
        faults.push(`${parameter}=${text}: ${said ? "refused" : "read"}`);
      if (!read) continue;
      accepted++;
      if ((await isRead(`${pair}&${pair}`)) !== isList) faults.push(`${parameter}=${text}, twice`);
    }
    expect(faults).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
  });

  it("has every field that REST reads from a query, and no other", async () => {
    const fields = [...fieldsOf(schema)];
    expect(fields.length).toBeGreaterThan(entries.length * 3);
    const read: string[] = [];
    for (const { path, parameter } of fields) {
      for (const text of texts) {
        if (!(await isRead(`${encodeURIComponent(parameter)}=${encodeURIComponent(text)}`))) continue;
        read.push(path);
        break;
      }
    }
    expect(parameters.map(({ name }) => name).sort()).toEqual(read.sort());
  });
});

/** Every field within a message, and the parameter that would be its own. */
function* fieldsOf(message: DescMessage, prefix = "", depth = 0): Generator<{ path: string; parameter: string }> {
  for (const field of message.fields) {
    const path = `${prefix}${field.jsonName}`;
    yield { path, parameter: field.fieldKind === "map" ? `${path}[key]` : path };
    if (field.fieldKind === "message" && depth < 2) yield* fieldsOf(field.message, `${path}.`, depth + 1);
  }
}
