import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { PotterError } from "../../errors/index.js";
import { type AnyCodec, es, holdsPersonal, nameId, readFieldMarks } from "../../message/index.js";
import type { RowTable } from "../../store/ports/index.js";
import type { EventStepDefinition, SagaDefinition, StepDefinition } from "../declaration/index.js";
import { fieldOf, marked } from "./row-schema.js";

/** How long an event waits for its saga if its step has no limit, in milliseconds. */
const defaultWait = 7 * 24 * 60 * 60 * 1_000;
/** How long events by the value of a saga that needs them no longer are ignored: the log is read at least once. */
const endedFor = 60 * 60 * 1_000;
/** For how much of that time another saga that needs them no longer leaves the note as it is. */
const notedFor = 5 * 60 * 1_000;

/** What is known of the events by one value before a saga waits for them. */
export interface EarlyRow {
  /** When it is deleted, in milliseconds since 1970 by the store's clock. */
  readonly due: number;
  /** The event, encoded. Absent: a saga waited by this value and does not any more, so events are ignored. */
  readonly event?: Uint8Array;
  /** The data subject of the event, if it holds personal fields. */
  readonly subject?: string;
}

interface StoredRow {
  readonly due: bigint;
  readonly status: string;
  readonly frozen: Uint8Array;
  readonly saga: string;
  readonly step: string;
  readonly subject?: string;
}

/** Kept, since an app creates the tables of a saga more than once. */
const codecs = new WeakMap<SagaDefinition, AnyCodec>();

/** What is kept for a saga until a process that knows its version takes it. */
export interface DeferredRow {
  /** The id of the saga. */
  readonly id: string;
  /** Empty: its parent has demanded that it is compensated. */
  readonly step: string;
  /** The event, encoded. Absent: it was erased, or a child saga has ended. */
  readonly event?: Uint8Array;
}

/**
 * Events that no saga waits for yet: one row for each step and value. And what this process could not give to a saga of a newer version:
 * one row for each saga and step.
 */
export class EarlyTable {
  readonly codec: AnyCodec;
  readonly table: RowTable;
  private readonly isSealed: boolean;

  constructor(saga: SagaDefinition) {
    const name = `potter.saga_events.${saga.name}`;
    this.isSealed = Object.values(saga.steps).some(
      (step) => step.kind === "event" && holdsPersonal(step.event.codec.schema),
    );
    this.codec = codecs.get(saga) ?? (es(createSchema(name, this.isSealed)) as AnyCodec);
    codecs.set(saga, this.codec);
    this.table = { name, version: 1, codec: this.codec, due: "due" };
  }

  /** The key of a row. A hash, since the value may be personal. */
  keyOf(step: string, value: string): string {
    return nameId("potter.saga.event", step, value);
  }

  /** The key of the row for a saga of a newer version. */
  deferredKeyOf(step: string, id: string): string {
    return nameId("potter.saga.deferred", step, id);
  }

  /** A row with an event. `stream`: the id of its stream, the data subject of events that name none. */
  keep(
    { timeout = defaultWait, event: { codec } }: EventStepDefinition,
    event: unknown,
    stream: string,
    now: number,
  ): EarlyRow {
    return { due: now + timeout, event: codec.encode(event as never), ...this.subjectOf(codec, event, stream) };
  }

  private subjectOf({ schema }: AnyCodec, event: unknown, stream: string): { readonly subject?: string } {
    if (!this.isSealed) return {};
    const field = schema.fields.find((one) => readFieldMarks(one).subject);
    const named = field && (event as Readonly<Record<string, unknown>>)[field.localName];
    return { subject: named === undefined || named === null || named === "" ? stream : String(named) };
  }

  /** A row that says that a saga does not wait by this value any more. */
  ended(now: number): EarlyRow {
    return { due: now + endedFor };
  }

  /** Whether a row says so, and was written lately. */
  isNoted({ due, event }: EarlyRow, now: number): boolean {
    return event === undefined && due >= now + endedFor - notedFor;
  }

  toRow({ due, event, subject }: EarlyRow): unknown {
    return this.codec.create({
      due: BigInt(due),
      status: event === undefined ? "ended" : "kept",
      frozen: event ?? new Uint8Array(),
      ...(subject !== undefined && { subject }),
    });
  }

  /** The row of a message for a saga of a newer version. `event`: absent for the end of a child saga. */
  toDeferredRow(id: string, { name, ...step }: StepDefinition, event: unknown, stream: string, now: number): unknown {
    const isEvent = step.kind === "event" && event !== undefined;
    return this.codec.create({
      due: BigInt(now),
      status: "deferred",
      saga: id,
      step: name,
      frozen: isEvent ? step.event.codec.encode(event as never) : new Uint8Array(),
      ...(isEvent && this.subjectOf(step.event.codec, event, stream)),
    });
  }

  /** The row of the demand of a parent to compensate a saga of a newer version. */
  toDeferredCompensation(id: string, now: number): unknown {
    return this.codec.create({ due: BigInt(now), status: "deferred", saga: id });
  }

  /** undefined: there is no row, or it is none for a saga of a newer version. */
  readDeferred(row: unknown): DeferredRow | undefined {
    const { status, saga, step, frozen } = (row ?? {}) as Partial<StoredRow>;
    if (status !== "deferred" || saga === undefined || step === undefined) return undefined;
    return { id: saga, step, ...(frozen !== undefined && frozen.length > 0 && { event: frozen }) };
  }

  /** undefined: there is no row, it is too old, or its data subject was erased. */
  read(row: unknown, now: number): EarlyRow | undefined {
    if (row === undefined) return undefined;
    const { due, status, frozen, subject } = row as StoredRow;
    if (Number(due) <= now) return undefined;
    if (status === "ended") return { due: Number(due) };
    // The value that it is matched by is in the event, so that no event is empty.
    if (frozen.length === 0) return undefined;
    return { due: Number(due), event: frozen, ...(subject !== undefined && { subject }) };
  }
}

function createSchema(name: string, isSealed: boolean): DescMessage {
  const at = name.lastIndexOf(".");
  const file = create(FileDescriptorProtoSchema, {
    name: `potter/saga_events/${name}.proto`,
    package: name.slice(0, at),
    syntax: "proto3",
    messageType: [
      create(DescriptorProtoSchema, {
        name: name.slice(at + 1),
        field: [
          fieldOf("status", Type.STRING),
          fieldOf("due", Type.INT64),
          marked(fieldOf("frozen", Type.BYTES), isSealed ? "personal" : undefined),
          fieldOf("saga", Type.STRING),
          fieldOf("step", Type.STRING),
          ...(isSealed ? [marked(fieldOf("subject", Type.STRING), "subject")] : []),
        ],
      }),
    ],
  });
  const schema = createFileRegistry(file, () => undefined).getMessage(name);
  if (schema === undefined) throw new PotterError("internal", `the descriptor of ${name} is incomplete`);
  return schema;
}
