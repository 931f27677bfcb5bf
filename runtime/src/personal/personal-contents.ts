import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { type AnyCodec, type EventDefinition, holdsPersonal, readFieldMarks } from "../message/index.js";
import type { StreamAppend } from "../store/ports/index.js";
import { readProperty } from "../store/rows/index.js";
import { type CutPlan, cutPlanOf } from "./cut-plan.js";

const subjectFields = new WeakMap<DescMessage, DescField | null>();

/** What an aggregate records, superseded versions included. */
export interface RecordedStreams {
  /** The type of its streams. */
  readonly type: string;
  readonly events: readonly EventDefinition[];
}

/** Whose data the events of one type of streams hold: of the stream's own id, or of subjects that they name. */
export type StreamOwners = "own" | "named";

/** The messages that an app stores. */
export interface ContractMessages {
  /** Events that are read, whoever records them. */
  readonly events?: readonly EventDefinition[];
  readonly streams?: readonly RecordedStreams[];
  /** Read models. */
  readonly rows?: readonly AnyCodec[];
  /** Answers to commands. */
  readonly answers?: readonly AnyCodec[];
}

/** Where personal data is, as far as an app knows its contract. */
export class PersonalContents {
  private readonly definitions = new Map<string, EventDefinition>();
  private readonly streams = new Map<string, StreamOwners>();

  /** Whether there is any. */
  readonly any: boolean;
  /** Whether rows of some read model are encrypted. */
  readonly sealsRows: boolean;

  constructor({ events = [], streams = [], rows = [], answers = [] }: ContractMessages) {
    for (const stream of streams) {
      const personal = stream.events.filter(({ codec }) => holdsPersonal(codec.schema));
      if (personal.length === 0) continue;
      this.streams.set(stream.type, personal.some(({ codec }) => subjectFieldOf(codec.schema)) ? "named" : "own");
    }
    for (const definition of [...events, ...streams.flatMap((stream) => stream.events)]) {
      this.definitions.set(nameOf(definition.type, definition.version), definition);
    }
    const codecs = [...this.definitions.values()].map(({ codec }) => codec);
    this.sealsRows = rows.some(isSealedRow);
    this.any = this.sealsRows || [...codecs, ...answers].some(({ schema }) => holdsPersonal(schema));
    // A field that stands in the way is told at once, not when the first event comes.
    for (const { schema } of [...codecs, ...answers, ...rows]) cutPlanOf(schema);
  }

  /** undefined: no event of these streams holds any. */
  ownersOf(streamType: string): StreamOwners | undefined {
    return this.streams.get(streamType);
  }

  /** Whose data appends hold. undefined: that of several subjects. */
  subjectOf(appends: readonly StreamAppend[]): string | undefined {
    const subjects = new Set(
      appends.flatMap(({ stream, events }) =>
        this.ownersOf(stream.type) === "named"
          ? events.map(({ definition, data }) => readSubject(definition.codec.schema, data) ?? stream.id)
          : [stream.id],
      ),
    );
    return subjects.size === 1 ? [...subjects][0] : undefined;
  }

  definition(type: string, version: number): EventDefinition | undefined {
    return this.definitions.get(nameOf(type, version));
  }
}

/** What to cut out of a message, and whose data it is. */
export interface PersonalMessage {
  readonly plan: CutPlan;
  /** undefined: the message does not say. */
  readonly subject: string | undefined;
}

/** undefined: nothing in messages of this type is personal. */
export function personalOf(codec: AnyCodec, message: unknown): PersonalMessage | undefined {
  const plan = cutPlanOf(codec.schema);
  return plan && { plan, subject: readSubject(codec.schema, message) };
}

/** Whom a message names as its subject. Nobody, where that is empty: an order of a guest has no customer. */
export function readSubject(schema: DescMessage, message: unknown): string | undefined {
  const field = subjectFieldOf(schema);
  if (field === undefined) return undefined;
  const value = readProperty(message as Readonly<Record<string, unknown>>, field);
  const unset = value === undefined || value === null || value === "" || value === 0 || value === 0n;
  return unset ? undefined : String(value);
}

export function subjectFieldOf(schema: DescMessage): DescField | undefined {
  let field = subjectFields.get(schema);
  if (field === undefined) {
    field = schema.fields.find((candidate) => readFieldMarks(candidate).subject) ?? null;
    subjectFields.set(schema, field);
  }
  return field ?? undefined;
}

/** Whether rows of this message are encrypted: they hold personal fields, and say whose. */
export function isSealedRow({ schema }: AnyCodec): boolean {
  return holdsPersonal(schema) && subjectFieldOf(schema) !== undefined;
}

function nameOf(type: string, version: number): string {
  return `${version} ${type}`;
}
