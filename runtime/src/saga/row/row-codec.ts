import type { JsonValue } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { PotterError } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import type { SagaInstance } from "../machine/index.js";
import { rowFields, rowName, rowSchemaOf, subjectFieldOf } from "./row-schema.js";

/** A saga's row: what rows are filtered by, as properties, and what the engine reads. */
export interface SagaRow {
  readonly status: string;
  /** The first step that is under way; empty: none is. */
  readonly step: string;
  readonly version: number;
  /** Times in milliseconds since 1970; `due` 0: never. */
  readonly started: number;
  readonly updated: number;
  readonly due: number;
  readonly paused: boolean;
  /** JSON. Holds nothing of messages. In an object, since texts of rows are indexed. `saga`: the saga that the row was made of. */
  readonly journal: { readonly text: string; readonly saga?: SagaInstance };
  readonly data: unknown;
  readonly frozen: ReadonlyMap<string, Uint8Array>;
  /** The data subject; absent: the saga has no personal fields, or names none. */
  readonly subject?: string;
}

const texts = ["status", "step"] as const;
const times = ["started", "updated", "due"] as const;

/** A row with the bytes of its data: that is decoded for each reader, whose functions may change it. */
interface Encoded {
  readonly row: SagaRow;
  readonly data: Uint8Array;
}

/**
 * The codec of a saga's rows. Bytes of the data are those of the user's codec. The row of a saga that has not ended is kept for as long
 * as its bytes are: a store that has written it mostly reads these bytes next.
 */
export function createRowCodec(saga: SagaDefinition): AnyCodec {
  const known = new WeakMap<Uint8Array, Encoded>();
  const schema = rowSchemaOf(saga);
  const subject = subjectFieldOf(saga);
  const { codec: data } = saga;
  const toJson = (row: SagaRow): JsonValue => {
    const { data: message, frozen: _, journal, subject: __, ...fields } = row;
    return { ...fields, journal: JSON.parse(journal.text) as JsonValue, data: data.toJson(message as never) };
  };
  return {
    typeName: rowName(saga.name),
    schema,
    create: (row) => row as SagaRow,
    encode(row) {
      const given = row as SagaRow;
      const bytesOfData = data.encode(given.data as never);
      const bytes = encode(given, bytesOfData, subject);
      if (given.due > 0) known.set(bytes, { row: given, data: bytesOfData });
      return bytes;
    },
    decode(bytes) {
      const found = known.get(bytes);
      return found === undefined
        ? decode(bytes, data, subject !== undefined)
        : { ...found.row, data: data.decode(found.data) };
    },
    toJson: (row) => toJson(row as SagaRow),
    toJsonText: (row) => JSON.stringify(toJson(row as SagaRow)),
    fromJson() {
      throw new PotterError("unimplemented", "rows of sagas are not read from JSON");
    },
  };
}

function encode(row: SagaRow, data: Uint8Array, subjectField: string | undefined): Uint8Array {
  const writer = new BinaryWriter();
  for (const name of texts) {
    if (row[name] !== "") writer.tag(rowFields[name], WireType.LengthDelimited).string(row[name]);
  }
  for (const name of times) if (row[name] !== 0) writer.tag(rowFields[name], WireType.Varint).int64(row[name]);
  writer.tag(rowFields.version, WireType.Varint).int32(row.version);
  if (row.paused) writer.tag(rowFields.paused, WireType.Varint).bool(true);
  writer.tag(rowFields.journal, WireType.LengthDelimited).string(row.journal.text);
  writer.tag(rowFields.data, WireType.LengthDelimited).bytes(data);
  if (row.frozen.size > 0) writer.tag(rowFields.frozen, WireType.LengthDelimited).bytes(encodeFrozen(row.frozen));
  if (subjectField !== undefined && row.subject !== undefined && row.subject !== "") {
    writer.tag(rowFields.subject, WireType.LengthDelimited).string(row.subject);
  }
  return writer.finish();
}

function decode(bytes: Uint8Array, data: AnyCodec, hasSubject: boolean): SagaRow {
  const reader = new BinaryReader(bytes);
  const found = new Map<number, unknown>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) found.set(number, reader.bytes());
    else if (type === WireType.Varint) found.set(number, Number(reader.int64()));
    else reader.skip(type, number);
  }
  const decoder = new TextDecoder();
  const text = (name: (typeof texts)[number] | "journal" | "subject"): string => {
    const value = found.get(rowFields[name]);
    return value === undefined ? "" : decoder.decode(value as Uint8Array);
  };
  const number = (name: keyof typeof rowFields): number => (found.get(rowFields[name]) as number | undefined) ?? 0;
  const subject = hasSubject ? text("subject") : "";
  return {
    status: text("status"),
    step: text("step"),
    version: number("version"),
    started: number("started"),
    updated: number("updated"),
    due: number("due"),
    paused: number("paused") === 1,
    journal: { text: text("journal") },
    data: data.decode((found.get(rowFields.data) as Uint8Array | undefined) ?? new Uint8Array()),
    frozen: decodeFrozen(found.get(rowFields.frozen) as Uint8Array | undefined),
    ...(subject !== "" && { subject }),
  };
}

/** As a map of protobuf: entries with the key as field 1 and the value as field 2. */
function encodeFrozen(frozen: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [key, value] of frozen) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(key).tag(2, WireType.LengthDelimited).bytes(value).join();
  }
  return writer.finish();
}

function decodeFrozen(bytes: Uint8Array | undefined): ReadonlyMap<string, Uint8Array> {
  const frozen = new Map<string, Uint8Array>();
  if (bytes === undefined) return frozen;
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    reader.tag();
    const end = reader.uint32() + reader.pos;
    let key = "";
    let value: Uint8Array = new Uint8Array();
    while (reader.pos < end) {
      const [number] = reader.tag();
      if (number === 1) key = reader.string();
      else value = reader.bytes();
    }
    frozen.set(key, value);
  }
  return frozen;
}
