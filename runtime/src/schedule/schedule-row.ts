import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import type { AnyMethod } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { type AnyCodec, es, holdsPersonal, readFieldMarks } from "../message/index.js";
import type { RowTable } from "../store/ports/index.js";

/** What a row has in addition to the request. */
export interface ScheduleHeader {
  /** When it is due, in milliseconds since 1970; 0: never. */
  readonly due: number;
  /** When the command was or is to be sent. */
  readonly at: number;
  /** How often it was sent. */
  readonly attempts: number;
  /** Whether a process sends it, and has until `due`. If that process has died, it may have taken effect. */
  readonly claimed: boolean;
  /** Code or name of the last error; empty: none. */
  readonly error: string;
  /** Options of the call, as JSON; for a recurring command, the text of its times. */
  readonly text: string;
}

/** Of the fields of the header: far from those of any request. */
const firstNumber = 536_870_000;
const header = [
  { name: "potter_due", type: Type.INT64, of: "due" },
  { name: "potter_at", type: Type.INT64, of: "at" },
  { name: "potter_attempts", type: Type.INT32, of: "attempts" },
  { name: "potter_error", type: Type.STRING, of: "error" },
  { name: "potter_text", type: Type.STRING, of: "text" },
  { name: "potter_claimed", type: Type.BOOL, of: "claimed" },
] as const;

/** A table of rows that are due, each with a request. */
export interface ScheduleTable {
  readonly table: RowTable;
  toRow(header: ScheduleHeader, request: Uint8Array): unknown;
  headerOf(row: unknown): ScheduleHeader;
  /** The request, encoded. */
  requestOf(row: unknown): Uint8Array;
  /** The row with some of its header replaced. */
  change(row: unknown, changes: Partial<ScheduleHeader>): unknown;
}

const tables = new WeakMap<AnyMethod, ScheduleTable>();

/** The table of the scheduled commands of a method. */
export function scheduleTableOf(method: AnyMethod): ScheduleTable {
  let table = tables.get(method);
  if (table === undefined) {
    table = createTable(`scheduled:${method.service}.${method.name}`, method.request.schema);
    tables.set(method, table);
  }
  return table;
}

/** A table of rows without a request. */
export function headerTable(name: string): ScheduleTable {
  return createTable(name, undefined);
}

/** Refuses a method whose requests could not be encrypted in a row. */
export function checkSchedulable({ service, name, stream, kind, request: { schema, typeName } }: AnyMethod): void {
  const fail = (why: string): never => {
    throw new PotterError("invalid_argument", `${service}.${name} cannot be scheduled: ${why}`);
  };
  if (kind !== "command" || stream !== "unary") fail("it is not a command with one request and one response");
  if (holdsPersonal(schema) && !schema.fields.some((field) => readFieldMarks(field).subject)) {
    fail(`${typeName} has personal fields, but no field with (potter.v1.field).subject that names whose they are`);
  }
}

function createTable(name: string, request: DescMessage | undefined): ScheduleTable {
  const codec = es(toRowSchema(request)) as unknown as AnyCodec;
  const encodeHeader = (values: ScheduleHeader): Uint8Array => codec.encode(codec.create(toFields(values)));
  const table: ScheduleTable = {
    table: { name, version: 1, codec, due: "potter_due" },
    // The fields of two messages of one type can be concatenated.
    toRow: (values, bytes) => codec.decode(concat(bytes, encodeHeader(values))),
    headerOf(row) {
      const { potterDue, potterAt, potterAttempts, potterClaimed, potterError, potterText } = row as Fields;
      const [due, at] = [Number(potterDue ?? 0), Number(potterAt ?? 0)];
      const [attempts, claimed] = [potterAttempts ?? 0, potterClaimed ?? false];
      return { due, at, attempts, claimed, error: potterError ?? "", text: potterText ?? "" };
    },
    requestOf: (row) => codec.encode({ ...(row as object), ...toFields(none) }),
    change: (row, changes) => ({ ...(row as object), ...toFields({ ...table.headerOf(row), ...changes }) }),
  };
  return table;
}

interface Fields {
  readonly potterDue: bigint;
  readonly potterAt: bigint;
  readonly potterAttempts: number;
  readonly potterError: string;
  readonly potterText: string;
  readonly potterClaimed: boolean;
}

const none: ScheduleHeader = { due: 0, at: 0, attempts: 0, claimed: false, error: "", text: "" };

function toFields({ due, at, attempts, claimed, error, text }: ScheduleHeader): Fields {
  const [potterDue, potterAt] = [BigInt(due), BigInt(at)];
  return {
    ...{ potterDue, potterAt, potterAttempts: attempts },
    ...{ potterClaimed: claimed, potterError: error, potterText: text },
  };
}

/** A message with the fields of a request and those of the header, so that personal fields are encrypted like those of any row. */
function toRowSchema(request: DescMessage | undefined): DescMessage {
  const typeName = `potter.schedules.${request?.typeName ?? "Schedule"}`;
  const prefix = typeName.slice(0, typeName.lastIndexOf("."));
  const own = `.${request?.typeName}.`;
  const proto = request?.proto;
  const message = create(DescriptorProtoSchema, {
    name: typeName.slice(prefix.length + 1),
    field: [
      ...(proto?.field ?? []).map((field) => {
        const isEntry = proto?.nestedType.some(
          (one) => one.options?.mapEntry && field.typeName === `${own}${one.name}`,
        );
        return isEntry ? { ...field, typeName: `.${typeName}.${field.typeName.slice(own.length)}` } : field;
      }),
      ...header.map(({ name, type }, i) =>
        create(FieldDescriptorProtoSchema, { name, type, number: firstNumber + i, label: Label.OPTIONAL }),
      ),
    ],
    oneofDecl: proto?.oneofDecl ?? [],
    nestedType: (proto?.nestedType ?? []).filter(({ options }) => options?.mapEntry),
    ...(proto?.options && { options: proto.options }),
  });
  const source = request?.file.proto;
  const file = create(FileDescriptorProtoSchema, {
    name: `potter/schedules/${typeName}.proto`,
    package: prefix,
    syntax: source?.syntax ?? "proto3",
    ...(source?.edition !== undefined && { edition: source.edition }),
    ...(source?.options && { options: source.options }),
    dependency: source === undefined ? [] : [source.name],
    messageType: [message],
  });
  const found = createFileRegistry(file, () => request?.file).getMessage(typeName);
  if (found === undefined) throw new Error(`the rows of ${typeName} have no descriptor`);
  return found;
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
