import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { type AnyCodec, type EventDefinition, es, newId } from "../../message/index.js";
import type { EventToAppend, RowTable, StoredEvent } from "../../store/ports/index.js";

const { STRING, INT64, DOUBLE, BOOL } = FieldDescriptorProto_Type;

// Put together here, since the runtime has no generated code of its own to test with.
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      create(FileDescriptorProtoSchema, {
        name: "potter/testing/conformance.proto",
        package: "potter.testing",
        syntax: "proto3",
        messageType: [
          { name: "Noted", field: [field("text", 1, STRING)] },
          {
            name: "Row",
            field: [
              field("id", 1, STRING),
              field("title", 2, STRING),
              field("amount", 3, INT64),
              field("ratio", 4, DOUBLE),
              field("open", 5, BOOL),
              { ...field("label", 6, STRING), proto3Optional: true, oneofIndex: 0 },
            ],
            oneofDecl: [{ name: "_label" }],
          },
        ],
      }),
    ],
  }),
);

/** A row of the tables that the suites use. */
export interface TestRow {
  readonly id: string;
  readonly title?: string;
  readonly amount?: bigint;
  readonly ratio?: number;
  readonly open?: boolean;
  readonly label?: string;
}

export const noted: EventDefinition = { type: "potter.testing.Noted", version: 3, codec: codecOf("Noted") };

export const rowCodec: AnyCodec = codecOf("Row");

export function tableOf(version = 1): RowTable {
  return { name: rowCodec.typeName, version, codec: rowCodec };
}

export function note(text: string): EventToAppend {
  return { id: newId(), definition: noted, data: noted.codec.create({ text }) };
}

export function textOf(event: StoredEvent): string {
  const data = event.bytes === undefined ? event.data : noted.codec.decode(event.bytes);
  return (data as { text: string }).text;
}

function field(name: string, number: number, type: FieldDescriptorProto_Type): FieldDescriptorProto {
  return create(FieldDescriptorProtoSchema, { name, number, type, label: FieldDescriptorProto_Label.OPTIONAL });
}

function codecOf(name: string): AnyCodec {
  return es(registry.getMessage(`potter.testing.${name}`) as DescMessage) as AnyCodec;
}
