import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compileProto } from "../../../generator/src/testing/index.js";
import type { AnyMethod, ErrorDefinitions } from "../cqrs/index.js";
import type { Engine, EventDefinition, MessageCodec } from "../message/index.js";
import { es } from "../message/index.js";
import type {
  AnySagaBehaviour,
  AnyStepBehaviour,
  ChildStepDefinition,
  CommandStepDefinition,
  EventStepDefinition,
  SagaDefinition,
  SagaPart,
  StepDefinition,
  TimerStepDefinition,
} from "./declaration/index.js";

// Sagas written by hand as the generator prints them, about a trip that is booked in steps.

const source = `syntax = "proto3"; package trips.v1; import "potter/v1/options.proto";
message Trip {
  string id = 1 [(potter.v1.field).subject = true];
  repeated string log = 2;
  repeated string stops = 3;
  string email = 4 [(potter.v1.field).personal = true];
  bool fast = 5;
  int64 until = 6;
}
message Visit { string id = 1; repeated string log = 2; }
message Book { string id = 1; string what = 2; string email = 3 [(potter.v1.field).personal = true]; }
message Booked { string text = 1; }
message Arrived { string id = 1; string note = 2; }
message Full { string id = 1; }`;

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: compileProto({ "trips/v1/trips.proto": source }).protoFile }),
);

function codecOf<T>(name: string): MessageCodec<{ message: T; init: Partial<T> }> {
  return es(registry.getMessage(`trips.v1.${name}`) as DescMessage) as never;
}

export interface Trip {
  readonly id: string;
  readonly log: readonly string[];
  readonly stops: readonly string[];
  readonly email: string;
  readonly fast: boolean;
  readonly until: bigint;
}
export interface Visit {
  readonly id: string;
  readonly log: readonly string[];
}
export interface Book {
  readonly id: string;
  readonly what: string;
  readonly email: string;
}
export interface Booked {
  readonly text: string;
}
export interface Arrived {
  readonly id: string;
  readonly note: string;
}

export const Trip: MessageCodec<{ message: Trip; init: Partial<Trip> }> = codecOf("Trip");
export const Visit: MessageCodec<{ message: Visit; init: Partial<Visit> }> = codecOf("Visit");
export const Book: MessageCodec<{ message: Book; init: Partial<Book> }> = codecOf("Book");
export const Booked: MessageCodec<{ message: Booked; init: Partial<Booked> }> = codecOf("Booked");
export const Full: MessageCodec<{ message: { readonly id: string }; init: { readonly id?: string } }> = codecOf("Full");
export const arrived: EventDefinition = {
  type: "trips.v1.Arrived",
  version: 1,
  codec: codecOf<Arrived>("Arrived") as never,
};

const errors: ErrorDefinitions = { full: { code: "failed_precondition", codec: Full as never } };

const methods = new Map<string, AnyMethod>();

/** The method that books something: `Hotel`. */
export function methodOf(name: string): AnyMethod {
  let method = methods.get(name);
  if (method === undefined) {
    method = {
      service: "trips.v1.TripService",
      name,
      kind: "command",
      stream: "unary",
      request: Book as never,
      response: Booked as never,
      http: [],
      errors,
    };
    methods.set(name, method);
  }
  return method;
}

type Own<Step> = Partial<Omit<Step, "kind" | "name">>;

export function command(name: string, own: Own<CommandStepDefinition> = {}): CommandStepDefinition {
  return {
    kind: "command",
    name,
    after: [],
    command: methodOf(name),
    compensation: methodOf(`undo_${name}`),
    retry: { maxAttempts: 3, initialDelay: 100, maxDelay: 1_000 },
    ...own,
  };
}

export function event(name: string, own: Own<EventStepDefinition> = {}): EventStepDefinition {
  const eventKey = ({ id }: Arrived) => id;
  return { kind: "event", name, after: [], event: arrived, eventKey: eventKey as never, ...own };
}

export function timer(name: string, own: Own<TimerStepDefinition> = {}): TimerStepDefinition {
  return { kind: "timer", name, after: [], delay: 60_000, ...own };
}

export function child(
  name: string,
  saga: () => SagaDefinition,
  own: Own<ChildStepDefinition> = {},
): ChildStepDefinition {
  return { kind: "saga", name, after: [], saga, retry: { maxAttempts: 1, initialDelay: 0, maxDelay: 0 }, ...own };
}

/** A saga of these steps. By default each command names its step, and each response is added to the log. */
export function sagaOf(
  steps: readonly StepDefinition[],
  own: Partial<Omit<SagaDefinition, "steps">> = {},
  behaviour: Omit<AnySagaBehaviour, "steps"> & { readonly steps?: AnySagaBehaviour["steps"] } = {},
): SagaPart {
  const saga: SagaDefinition = {
    name: "trips.v1.Trip",
    version: 1,
    codec: Trip as never,
    key: ({ id }: Trip) => id,
    steps: Object.fromEntries(steps.map((step) => [step.name, step])),
    engine: { name: "sagas" } as Engine<"sagas">,
    ...own,
  };
  const given = behaviour.steps ?? {};
  return {
    kind: "saga",
    saga,
    behaviour: {
      ...behaviour,
      steps: Object.fromEntries(steps.map((step) => [step.name, { ...defaultOf(step), ...given[step.name] }])),
    },
  };
}

function defaultOf(step: StepDefinition): AnyStepBehaviour {
  const { name } = step;
  const add = (data: Trip, text: string): Trip => ({ ...data, log: [...data.log, text] });
  const when = { when: () => true };
  if (step.kind === "command") {
    return {
      ...when,
      command: ({ id, email }: Trip) => ({ id, what: name, email }),
      commands: ({ id, stops, email }: Trip) => stops.map((stop) => ({ id, what: `${name} ${stop}`, email })),
      response: (data: Trip, { text }: Booked) => add(data, text),
      compensation: ({ id }: Trip, index: number) => ({ id, what: `undo ${name} ${index}` }),
    };
  }
  if (step.kind === "event") return { ...when, event: (data: Trip, { note }: Arrived) => add(data, note) };
  if (step.kind === "timer") return when;
  return {
    ...when,
    start: ({ id }: Trip) => ({ id: `${id}-${name}` }),
    completed: (data: Trip, { log }: Visit) => add(data, log.join("+")),
  };
}
