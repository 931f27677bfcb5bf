// Message descriptors for the tests of several modules, so that these tests need no compiler.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, createFileRegistry, type DescMessage, setExtension } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  type OneofOptions,
  OneofOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import {
  type FieldRulesSchema,
  field as fieldRules,
  oneof as oneofRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

const scalars: Readonly<Record<string, Type>> = {
  double: Type.DOUBLE,
  float: Type.FLOAT,
  int32: Type.INT32,
  int64: Type.INT64,
  uint32: Type.UINT32,
  uint64: Type.UINT64,
  sint32: Type.SINT32,
  sint64: Type.SINT64,
  fixed32: Type.FIXED32,
  fixed64: Type.FIXED64,
  sfixed32: Type.SFIXED32,
  sfixed64: Type.SFIXED64,
  bool: Type.BOOL,
  string: Type.STRING,
  bytes: Type.BYTES,
};

/** A field: `repeated Line lines`, `map<string,int32> counts`, `optional string note`, `enum Color color`. */
export interface TestField {
  readonly text: string;
  readonly oneof?: string;
  readonly rules?: MessageInitShape<typeof FieldRulesSchema>;
}

export interface TestMessage {
  readonly name: string;
  readonly fields: readonly (string | TestField)[];
  readonly options?: FileDescriptorProto["messageType"][number]["options"];
  /** Oneofs with the rule `required`. */
  readonly required?: readonly string[];
}

/** Compiles messages of the package `test.v1`. Fields are numbered in the order of their declaration. */
export function compile(
  messages: readonly TestMessage[],
  enums: Readonly<Record<string, readonly string[]>> = {},
): (name: string) => DescMessage {
  const file = create(FileDescriptorProtoSchema, {
    name: "test/v1/test.proto",
    package: "test.v1",
    syntax: "proto3",
    dependency: known.map((one) => one.proto.name),
    enumType: Object.entries(enums).map(([name, values]) => ({
      name,
      value: values.map((value, number) => ({ name: value, number })),
    })),
    messageType: messages.map(toMessage),
  });
  const registry = createFileRegistry(file, (name) => known.find((one) => one.proto.name === name)?.proto);
  return (name) => registry.getMessage(`test.v1.${name}`) as DescMessage;
}

const known = [
  file_google_protobuf_any,
  file_google_protobuf_timestamp,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_wrappers,
];

function toMessage({ name, fields, options, required = [] }: TestMessage): object {
  const oneofs: string[] = [];
  const nested: object[] = [];
  const texts = fields.map((field) => (typeof field === "string" ? { text: field } : field));
  for (const { oneof } of texts) if (oneof !== undefined && !oneofs.includes(oneof)) oneofs.push(oneof);
  const field = texts.map((one, index) => toField(name, one, index + 1, oneofs, nested));
  return {
    name,
    field,
    nestedType: nested,
    oneofDecl: oneofs.map((oneof) => ({ name: oneof, ...(required.includes(oneof) && { options: requiredOneof() }) })),
    ...(options !== undefined && { options }),
  };
}

function requiredOneof(): OneofOptions {
  const options = create(OneofOptionsSchema);
  setExtension(options, oneofRules, { required: true } as never);
  return options;
}

function toField(
  parent: string,
  { text, oneof, rules }: TestField,
  number: number,
  oneofs: string[],
  nested: object[],
): FieldDescriptorProto {
  const [, label, map, kind, type = "", name = ""] =
    /^(repeated |optional )?(map<(?:[^>]*)> )?(enum )?(?:([\w.]+) )?(\w+)$/.exec(text) ?? [];
  const jsonName = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const repeated = label === "repeated " || map !== undefined;
  const field = create(FieldDescriptorProtoSchema, {
    name,
    jsonName,
    number,
    label: repeated ? Label.REPEATED : Label.OPTIONAL,
  });
  if (map !== undefined) {
    const [key = "", value = ""] = map.slice(4, -2).split(",");
    const entry = `${name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
    nested.push({
      name: entry,
      field: [toField("", { text: `${key} key` }, 1, [], []), toField("", { text: `${value} value` }, 2, [], [])],
      options: { mapEntry: true },
    });
    field.type = Type.MESSAGE;
    field.typeName = `.test.v1.${parent}.${entry}`;
  } else {
    field.type = scalars[type] ?? (kind === undefined ? Type.MESSAGE : Type.ENUM);
    if (scalars[type] === undefined) field.typeName = type.includes(".") ? `.${type}` : `.test.v1.${type}`;
  }
  if (label === "optional ") {
    field.proto3Optional = true;
    oneofs.push(`_${name}`);
    field.oneofIndex = oneofs.length - 1;
  }
  if (oneof !== undefined) field.oneofIndex = oneofs.indexOf(oneof);
  if (rules !== undefined) {
    field.options = create(FieldOptionsSchema);
    setExtension(field.options, fieldRules, rules as never);
  }
  return field;
}

const message = compile(
  [
    {
      name: "Line",
      fields: ["string sku", "uint32 quantity", "int64 unit_price", "map<string,string> labels"],
    },
    {
      name: "Order",
      fields: [
        "string order_id",
        "enum Color color",
        "repeated Line lines",
        "Line main_line",
        { text: "string card", oneof: "payment" },
        { text: "string iban", oneof: "payment" },
        { text: "Line barter", oneof: "payment" },
        "map<string,int32> counts",
        "bytes blob",
        "google.protobuf.Timestamp placed_at",
        "bool gift",
        "double weight",
        "repeated string tags",
        "repeated enum Color colors",
        "google.protobuf.Int32Value limit",
        "optional string note",
        "google.protobuf.FieldMask mask",
        "google.protobuf.Duration wait",
        "google.protobuf.Value extra",
        "int64 total",
        "Order parent",
        "map<bool,Line> by_flag",
        "int32 page_size",
        "google.protobuf.Any detail",
      ],
    },
  ],
  { Color: ["COLOR_UNSPECIFIED", "COLOR_RED", "COLOR_BLUE"] },
);

/** A message with a field of nearly every kind. */
export const OrderSchema: DescMessage = message("Order");
export const LineSchema: DescMessage = message("Line");
