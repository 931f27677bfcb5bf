import type { DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import type { GraphQLFacts } from "./graphql-facts.js";
import type { OpenApiFacts } from "./openapi-facts.js";

/**
 * The service model: what the contract says, in domain words, every name resolved. Frozen plain data;
 * targets read it, and never look at an option or rename anything.
 */
export interface Model {
  /** The files to generate, ordered by name. Their elements refer to those of other files. */
  readonly files: readonly FileModel[];
  /** Every file of the request, for rules that look beyond the files to generate. */
  readonly all: readonly FileModel[];
  /** Whether a command says in vain what it emits. Then events may be without an aggregate for that reason alone. */
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

/** What one proto file declares, in the order of its source. */
export interface FileModel {
  readonly desc: DescFile;
  /** Whether it uses any of Potter's annotations. What was written for others is not judged as strictly. */
  readonly annotated: boolean;
  readonly aggregates: readonly AggregateModel[];
  readonly events: readonly EventModel[];
  readonly errors: readonly ErrorModel[];
  readonly readModels: readonly ReadModelDesc[];
  readonly sagas: readonly SagaModel[];
  readonly services: readonly ServiceModel[];
}

/** What every named element has. */
export interface Named {
  /** Name of its export in generated code, unique in its file: `OrderPlaced`, `Outer_Placed`. */
  readonly name: string;
  /** Name as a property, unique where it is used: `orderPlaced`. */
  readonly localName: string;
}

export interface AggregateModel extends Named {
  readonly kind: "aggregate";
  readonly desc: DescMessage;
  /** The name under which its streams are stored. */
  readonly type: string;
  /** Whether its events are stored, or the state that they lead to. */
  readonly persistence: "events" | "state";
  readonly snapshotEvery: number | undefined;
  /** Milliseconds. */
  readonly snapshotAfter: number | undefined;
  /** Bytes. */
  readonly snapshotSize: number | undefined;
  readonly id: DescField;
  /** The commands of all files that address it, by service and source order. */
  readonly commands: readonly MethodModel[];
  /** Its current events, without superseded ones. */
  readonly events: readonly EventModel[];
  /** Its superseded events. */
  readonly superseded: readonly EventModel[];
  /** The errors that its commands declare, each once. */
  readonly errors: readonly ErrorModel[];
}

export interface EventModel extends Named {
  readonly kind: "event";
  readonly desc: DescMessage;
  readonly type: string;
  readonly version: number;
  readonly aggregate: AggregateModel | undefined;
  readonly supersededBy: EventModel | undefined;
}

export interface ErrorModel extends Named {
  readonly kind: "error";
  readonly desc: DescMessage;
  /** In the runtime's spelling: `failed_precondition`. */
  readonly code: string;
}

export interface ReadModelDesc extends Named {
  readonly kind: "readModel";
  readonly desc: DescMessage;
  readonly key: DescField;
  readonly from: readonly EventModel[];
}

export interface ServiceModel extends Named {
  readonly kind: "service";
  readonly desc: DescService;
  readonly methods: readonly MethodModel[];
  /** The read models its queries may use: those of its file, and those that its queries name. */
  readonly views: readonly ReadModelDesc[];
}

export interface MethodModel extends Named {
  readonly desc: DescMethod;
  readonly service: ServiceModel;
  readonly role: CommandRole | QueryRole;
  readonly stream: "unary" | "server" | "client" | "bidi";
  readonly http: readonly HttpBindingModel[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  /** The request's field that names the tenant. */
  readonly tenant: DescField | undefined;
  /** The HTTP status of an answer that succeeds. */
  readonly status: SuccessStatus;
  /** For an update of some fields: the request's field that names them, and the one that holds them. */
  readonly update: UpdateModel | undefined;
}

/** With 204 an answer has no body. */
export type SuccessStatus = 200 | 201 | 202 | 204;

/** An update of the fields that a google.protobuf.FieldMask names (AIP-134). */
export interface UpdateModel {
  readonly mask: DescField;
  readonly resource: DescField & { readonly message: DescMessage };
}

export interface CommandRole {
  readonly kind: "command";
  /** Without one, a plain function handles it. */
  readonly target: CommandTarget | undefined;
  readonly errors: readonly ErrorModel[];
}

/** How a command reaches its aggregate. */
export interface CommandTarget {
  readonly aggregate: AggregateModel;
  /** The request's field that holds the aggregate's id; undefined: a new id is made up (only for `creates`). */
  readonly id: DescField | undefined;
  /** The fields that lead from the request to that one, it included: more than one where it is in a message (AIP-134). */
  readonly idPath: readonly DescField[];
  readonly creates: boolean | undefined;
  readonly emits: readonly EventModel[];
  /** How each field of the response follows from request and id; undefined: the decider writes the response. */
  readonly reply: readonly ReplyField[] | undefined;
}

/** A field of the response, and where its value comes from. */
export interface ReplyField {
  readonly field: DescField;
  /** `id`: the id of the aggregate; else the field of the request. */
  readonly from: "id" | DescField;
}

export interface QueryRole {
  readonly kind: "query";
  readonly readModel: ReadModelDesc | undefined;
  /** How long a caller may cache the response, in milliseconds. */
  readonly cacheTtl: number | undefined;
}

/** A literal, `*`, `**`, or a variable and what it matches. */
export type PathSegmentModel = string | { readonly field: string; readonly segments: readonly string[] };

/** One HTTP binding; the same shape as the runtime's `HttpBinding`. */
export interface HttpBindingModel {
  readonly method: string;
  readonly path: string;
  readonly segments: readonly PathSegmentModel[];
  readonly verb: string | undefined;
  readonly body: string | undefined;
  readonly responseBody: string | undefined;
}

export interface SagaModel extends Named {
  readonly kind: "saga";
  readonly desc: DescMessage;
  readonly id: DescField;
  readonly startsOn: EventModel;
  readonly steps: readonly SagaStepModel[];
  /** Milliseconds. */
  readonly deadline: number | undefined;
}

export interface SagaStepModel extends Named {
  readonly command: MethodModel | undefined;
  readonly compensation: MethodModel | undefined;
  /** Whether it can be undone, or says that it need not. */
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
