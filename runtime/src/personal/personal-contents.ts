import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { type AnyCodec, type EventDefinition, holdsPersonal, readFieldMarks } from "../message/index.js";
import type { StreamAppend } from "../store/ports/index.js";
import { readProperty } from "../store/rows/index.js";
import { type CutPlan, cutPlanOf } from "./cut-plan.js";

const subjectFields = new WeakMap<DescMessage, DescField | null>();

/** The events that an aggregate records, superseded versions included. */
export interface RecordedStreams {
  /** The type of its streams. */
  readonly type: string;
  readonly events: readonly EventDefinition[];
}

/** How the events of one stream type determine their subject: `own`, it is the stream's id; `named`, a field names it. */
export type StreamOwners = "own" | "named";

/** The messages that an app stores. */
export interface ContractMessages {
  /** Events that the app reads, also those that other apps record. */
  readonly events?: readonly EventDefinition[];
  readonly streams?: readonly RecordedStreams[];
  /** Read models. */
  readonly rows?: readonly AnyCodec[];
  /** Responses of commands. */
  readonly answers?: readonly AnyCodec[];
}

/** The name of a message that is stored with personal data; undefined if there is none. */
export function storesPersonal({
  events = [],
  streams = [],
  rows = [],
  answers = [],
}: ContractMessages): string | undefined {
  const codecs = [...events, ...streams.flatMap((stream) => stream.events)].map(({ codec }) => codec);
  const holding = [...codecs, ...answers].find(({ schema }) => holdsPersonal(schema)) ?? rows.find(isSealedRow);
  return holding?.typeName;
}

/** Knows which messages of an app's contract hold personal data. */
export class PersonalContents {
  private readonly definitions = new Map<string, EventDefinition>();
  private readonly streams = new Map<string, StreamOwners>();

  /** Whether the rows of any read model are encrypted. */
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
    // Reports a field with the envelope's number at start, not when the first event arrives.
    for (const { schema } of [...codecs, ...answers, ...rows]) cutPlanOf(schema);
  }

  /** Returns how the events of a stream type determine their subject; undefined if none holds personal data. */
  ownersOf(streamType: string): StreamOwners | undefined {
    return this.streams.get(streamType);
  }

  /** Returns the subject whose data the appends hold; undefined if there are several. */
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

/** The personal fields of a message, and their subject. */
export interface PersonalMessage {
  readonly plan: CutPlan;
  /** undefined: the message names no subject. */
  readonly subject: string | undefined;
}

/** Returns the personal fields of a message; undefined if its type has none. */
export function personalOf(codec: AnyCodec, message: unknown): PersonalMessage | undefined {
  const plan = cutPlanOf(codec.schema);
  return plan && { plan, subject: readSubject(codec.schema, message) };
}

/** Returns the subject that a message names; undefined if the field is empty, as in the order of a guest. */
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

/** Whether rows of this message are encrypted: they hold personal fields and name a subject. */
export function isSealedRow({ schema }: AnyCodec): boolean {
  return holdsPersonal(schema) && subjectFieldOf(schema) !== undefined;
}

function nameOf(type: string, version: number): string {
  return `${version} ${type}`;
}
