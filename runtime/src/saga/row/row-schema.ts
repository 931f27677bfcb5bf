import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { BinaryWriter, type WireType } from "@bufbuild/protobuf/wire";
import {
  DescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { PotterError } from "../../errors/index.js";
import { holdsPersonal, readFieldMarks } from "../../message/index.js";
import type { SagaDefinition } from "../declaration/index.js";

/** Number of the extension potter.v1.field, and of its marks. */
const fieldExtension = 50708;
const marks = { personal: 3, subject: 4 } as const;

/** The fields of the rows of a saga, by number: those that rows are filtered by, then what the engine reads. */
export const rowFields = {
  status: 1,
  step: 2,
  version: 3,
  started: 4,
  updated: 5,
  due: 6,
  paused: 7,
  journal: 8,
  data: 9,
  frozen: 10,
  subject: 11,
  saga: 12,
} as const;

const scalars: readonly [name: keyof typeof rowFields, type: Type][] = [
  ["status", Type.STRING],
  ["step", Type.STRING],
  ["version", Type.INT32],
  ["started", Type.INT64],
  ["updated", Type.INT64],
  ["due", Type.INT64],
  ["paused", Type.BOOL],
  ["journal", Type.STRING],
];

/** The name of the field of the data that names the data subject, if personal fields of the saga are encrypted under it. */
export function subjectFieldOf(saga: SagaDefinition): string | undefined {
  const field = saga.codec.schema.fields.find((one) => readFieldMarks(one).subject);
  return field !== undefined && storedMessages(saga).some(holdsPersonal) ? field.localName : undefined;
}

/** Kept, since an app creates the tables of a saga more than once. */
const rowSchemas = new WeakMap<SagaDefinition, DescMessage>();

/**
 * The descriptor of a saga's row. It exists so that the store encrypts the personal fields within: those of the data as they are
 * marked, and requests and events under way as a whole.
 */
export function rowSchemaOf(saga: SagaDefinition): DescMessage {
  const known = rowSchemas.get(saga);
  if (known !== undefined) return known;
  const schema = createRowSchema(saga);
  rowSchemas.set(saga, schema);
  return schema;
}

function createRowSchema(saga: SagaDefinition): DescMessage {
  const data = saga.codec.schema;
  const isSealed = subjectFieldOf(saga) !== undefined;
  const name = rowName(saga.name);
  const at = name.lastIndexOf(".");
  const file = create(FileDescriptorProtoSchema, {
    name: `potter/sagas/${saga.name}.proto`,
    package: name.slice(0, at),
    syntax: "proto3",
    dependency: [data.file.proto.name],
    messageType: [
      create(DescriptorProtoSchema, {
        name: name.slice(at + 1),
        field: [
          ...scalars.map(([field, type]) => fieldOf(field, type)),
          fieldOf("data", Type.MESSAGE, `.${data.typeName}`),
          marked(fieldOf("frozen", Type.BYTES), isSealed ? "personal" : undefined),
          ...(isSealed ? [marked(fieldOf("subject", Type.STRING), "subject")] : []),
        ],
      }),
    ],
  });
  const registry = createFileRegistry(file, (path) => (path === data.file.proto.name ? data.file : undefined));
  const schema = registry.getMessage(name);
  if (schema === undefined)
    throw new PotterError("internal", `the descriptor of the rows of ${saga.name} is incomplete`);
  return schema;
}

/** Full name of the message that the rows of a saga are. */
export function rowName(saga: string): string {
  return `potter.sagas.${saga}`;
}

function storedMessages({ codec, steps }: SagaDefinition): readonly DescMessage[] {
  const codecs = Object.values(steps).flatMap((step) => {
    if (step.kind === "command") return [step.command.request, step.compensation?.request];
    return step.kind === "event" ? [step.event.codec] : [];
  });
  return [codec, ...codecs].flatMap((one) => one?.schema ?? []);
}

export function fieldOf(name: keyof typeof rowFields, type: Type, typeName = ""): FieldDescriptorProto {
  return create(FieldDescriptorProtoSchema, {
    name,
    jsonName: name,
    number: rowFields[name],
    label: Label.OPTIONAL,
    type,
    ...(typeName !== "" && { typeName }),
  });
}

/** Marks a field as the contract does: by the bytes of the option, since the runtime has no generated code of the annotations. */
export function marked(field: FieldDescriptorProto, mark: keyof typeof marks | undefined): FieldDescriptorProto {
  if (mark === undefined) return field;
  const option = new BinaryWriter()
    .tag(marks[mark], 0 satisfies WireType.Varint)
    .bool(true)
    .finish();
  const data = new BinaryWriter().bytes(option).finish();
  const options = create(FieldOptionsSchema);
  options.$unknown = [{ no: fieldExtension, wireType: 2, data }];
  return Object.assign(field, { options });
}
