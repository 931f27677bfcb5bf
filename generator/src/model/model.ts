import type { DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import type { GraphQLFacts } from "./graphql-facts.js";
import type { OpenApiFacts } from "./openapi-facts.js";

/**
 * The service model: the contract in domain terms, with all names resolved. Plain frozen data. Targets read it, and neither
 * read options nor choose names.
 */
export interface Model {
  /** The files to generate, ordered by name. Their elements may refer to elements of other files. */
  readonly files: readonly FileModel[];
  /** All files of the request, for rules that also check imported files. */
  readonly all: readonly FileModel[];
  /** Whether an `emits` could not be resolved: events without an aggregate may then be a consequence. */
  readonly hasBrokenEmissions: boolean;
  readonly fields: FieldFacts;
  readonly graphql: GraphQLFacts;
  readonly openapi: OpenApiFacts;
}

/** The fields that `(potter.v1.field)` marks. */
export interface FieldFacts {
  readonly ids: ReadonlySet<DescField>;
  readonly personal: ReadonlySet<DescField>;
}

/** The elements of one proto file, in source order. */
export interface FileModel {
  readonly desc: DescFile;
  /** Whether the file uses any of Potter's annotations. Some rules are lenient with other files. */
  readonly annotated: boolean;
  readonly aggregates: readonly AggregateModel[];
  readonly events: readonly EventModel[];
  readonly errors: readonly ErrorModel[];
  readonly readModels: readonly ReadModelDesc[];
  readonly sagas: readonly SagaModel[];
  readonly services: readonly ServiceModel[];
}

/** The names of an element in generated code. */
export interface Named {
  /** Name of its export, unique in its file: `OrderPlaced`, `Outer_Placed`. */
  readonly name: string;
  /** Name as a property, unique within each object that contains it: `orderPlaced`. */
  readonly localName: string;
}

/** An aggregate: its identity, its commands, its events and how it is stored. */
export interface AggregateModel extends Named {
  readonly kind: "aggregate";
  readonly desc: DescMessage;
  /** The stored type of its streams. */
  readonly type: string;
  /** What is stored: the events, or only the resulting state. */
  readonly persistence: "events" | "state";
  /** Events between snapshots. */
  readonly snapshotEvery: number | undefined;
  /** Milliseconds. */
  readonly snapshotAfter: number | undefined;
  /** Bytes. */
  readonly snapshotSize: number | undefined;
  readonly id: DescField;
  /** The commands of all files that address it, by service, in source order. */
  readonly commands: readonly MethodModel[];
  /** Its events, without superseded versions. */
  readonly events: readonly EventModel[];
  /** Superseded versions of its events. */
  readonly superseded: readonly EventModel[];
  /** The errors that its commands declare, without duplicates. */
  readonly errors: readonly ErrorModel[];
}

/** An event, and the version of its schema. */
export interface EventModel extends Named {
  readonly kind: "event";
  readonly desc: DescMessage;
  /** The stored type. */
  readonly type: string;
  /** The version of its schema, from 1. */
  readonly version: number;
  readonly aggregate: AggregateModel | undefined;
  readonly supersededBy: EventModel | undefined;
}

/** A declared error of commands. */
export interface ErrorModel extends Named {
  readonly kind: "error";
  readonly desc: DescMessage;
  /** An error code of the runtime: `failed_precondition`. */
  readonly code: string;
}

/** A read model: its row, its key and the events that change it. */
export interface ReadModelDesc extends Named {
  readonly kind: "readModel";
  readonly desc: DescMessage;
  readonly key: DescField;
  /** The events that change it. */
  readonly from: readonly EventModel[];
}

/** A service and its methods. */
export interface ServiceModel extends Named {
  readonly kind: "service";
  readonly desc: DescService;
  readonly methods: readonly MethodModel[];
  /** The read models that its queries can use: those of its file, and those that its queries name. */
  readonly views: readonly ReadModelDesc[];
}

/** An rpc, as a command or a query. */
export interface MethodModel extends Named {
  readonly desc: DescMethod;
  readonly service: ServiceModel;
  readonly role: CommandRole | QueryRole;
  readonly stream: "unary" | "server" | "client" | "bidi";
  readonly http: readonly HttpBindingModel[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  /** The field of the request that identifies the tenant. */
  readonly tenant: DescField | undefined;
  /** The HTTP status of a successful response. */
  readonly status: SuccessStatus;
  /** For a partial update: the field of the request with the mask, and the one with the resource. */
  readonly update: UpdateModel | undefined;
}

/** A response with 204 has no body. */
export type SuccessStatus = 200 | 201 | 202 | 204;

/** A partial update of the fields that a google.protobuf.FieldMask names (AIP-134). */
export interface UpdateModel {
  readonly mask: DescField;
  readonly resource: DescField & { readonly message: DescMessage };
}

/** What a command addresses, and the errors that it declares. */
export interface CommandRole {
  readonly kind: "command";
  /** undefined: a plain function handles the command. */
  readonly target: CommandTarget | undefined;
  readonly errors: readonly ErrorModel[];
}

/** How a command reaches its aggregate. */
export interface CommandTarget {
  readonly aggregate: AggregateModel;
  /** The field of the request with the id of the aggregate. undefined: the runtime generates an id (only with `creates`). */
  readonly id: DescField | undefined;
  /** The path from the request to that field, inclusive: more than one field if it is part of a message (AIP-134). */
  readonly idPath: readonly DescField[];
  readonly creates: boolean | undefined;
  readonly emits: readonly EventModel[];
  /** The source of each field of the response. undefined: the decider returns the response. */
  readonly reply: readonly ReplyField[] | undefined;
}

/** A field of the response, and the source of its value. */
export interface ReplyField {
  readonly field: DescField;
  /** `id` is the id of the aggregate; otherwise a field of the request. */
  readonly from: "id" | DescField;
}

/** What a query reads, and how long its response may be cached. */
export interface QueryRole {
  readonly kind: "query";
  readonly readModel: ReadModelDesc | undefined;
  /** How long a caller may cache the response, in milliseconds. */
  readonly cacheTtl: number | undefined;
}

/** A literal, `*`, `**`, or a variable with the segments that it matches. */
export type PathSegmentModel = string | { readonly field: string; readonly segments: readonly string[] };

/** One HTTP binding. It has the shape of the runtime's `HttpBinding`. */
export interface HttpBindingModel {
  readonly method: string;
  readonly path: string;
  readonly segments: readonly PathSegmentModel[];
  readonly verb: string | undefined;
  readonly body: string | undefined;
  readonly responseBody: string | undefined;
}

/** A saga: the event that starts it, and its steps. */
export interface SagaModel extends Named {
  readonly kind: "saga";
  readonly desc: DescMessage;
  readonly id: DescField;
  readonly startsOn: EventModel;
  readonly steps: readonly SagaStepModel[];
  /** Milliseconds. */
  readonly deadline: number | undefined;
}

/** A step of a saga: its command, its compensation and when it runs. */
export interface SagaStepModel extends Named {
  readonly command: MethodModel | undefined;
  readonly compensation: MethodModel | undefined;
  /** Whether the step has a compensation, or has no effect to undo. */
  readonly compensable: boolean;
  readonly waitFor: EventModel | undefined;
  readonly after: readonly SagaStepModel[];
  readonly pivot: boolean;
  readonly when: boolean;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly onTimeout: "compensate" | "retry" | "continue";
  /** Delays in milliseconds. */
  readonly retry: { readonly maxAttempts: number; readonly initialDelay: number; readonly maxDelay: number };
}
