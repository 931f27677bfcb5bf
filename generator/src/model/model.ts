import type { DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";

/** The names of an element in generated code. */
export interface Named {
  /** Name of its export, unique in its file: `OrderPlaced`, `Outer_Placed`. */
  readonly name: string;
  /** Name as a property, unique within each object that contains it: `orderPlaced`. */
  readonly localName: string;
}

/** An aggregate: its identity, its commands, its events and how it is stored. */
export interface AggregateModel extends Named {
  /** Distinguishes the elements of the model. */
  readonly kind: "aggregate";
  /** The message that declares it. */
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
  /** The field with its id. */
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
  /** Distinguishes the elements of the model. */
  readonly kind: "event";
  /** The message of the event. */
  readonly desc: DescMessage;
  /** The stored type. */
  readonly type: string;
  /** The version of its schema, from 1. */
  readonly version: number;
  /** The aggregate in whose streams it is recorded; undefined: none was found. */
  readonly aggregate: AggregateModel | undefined;
  /** Whether its message contains personal data. */
  readonly holdsPersonal: boolean;
  /** The next version of the event; undefined: this is the newest. */
  readonly supersededBy: EventModel | undefined;
}

/** A declared error of commands. */
export interface ErrorModel extends Named {
  /** Distinguishes the elements of the model. */
  readonly kind: "error";
  /** The message with its details. */
  readonly desc: DescMessage;
  /** An error code of the runtime: `failed_precondition`. */
  readonly code: string;
}

/** A read model: its row, its key and the events that change it. */
export interface ReadModelDesc extends Named {
  /** Distinguishes the elements of the model. */
  readonly kind: "readModel";
  /** The message of a row. */
  readonly desc: DescMessage;
  /** The field that is the key of a row. */
  readonly key: DescField;
  /** The events that change it. */
  readonly from: readonly EventModel[];
  /** Whether its rows contain personal data. */
  readonly holdsPersonal: boolean;
}

/** A service and its methods. */
export interface ServiceModel extends Named {
  /** Distinguishes the elements of the model. */
  readonly kind: "service";
  /** Descriptor of the service. */
  readonly desc: DescService;
  /** Its rpcs, in source order. */
  readonly methods: readonly MethodModel[];
  /** The read models that its queries can use: those of its file, and those that its queries name. */
  readonly views: readonly ReadModelDesc[];
}

/** An rpc, as a command or a query. */
export interface MethodModel extends Named {
  /** Descriptor of the rpc. */
  readonly desc: DescMethod;
  /** The service that has the rpc. */
  readonly service: ServiceModel;
  /** Whether it is a command or a query, and what it addresses or reads. */
  readonly role: CommandRole | QueryRole;
  /** Which sides of a call are streams: none, the response, the request, or both. */
  readonly stream: "unary" | "server" | "client" | "bidi";
  /** Its HTTP bindings: the first, then the additional ones. */
  readonly http: readonly HttpBindingModel[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  /** The field of the request that identifies the tenant. */
  readonly tenant: DescField | undefined;
  /** The HTTP status of a successful response. */
  readonly status: SuccessStatus;
  /** Whether its request or response, or a message that they contain, has rules of protovalidate. */
  readonly hasRules: boolean;
  /** Whether it is a command, whose response is recorded, and the response contains personal data. */
  readonly recordsPersonal: boolean;
  /** For a partial update: the field of the request with the mask, and the one with the resource. */
  readonly update: UpdateModel | undefined;
  /** The fields by which a query pages its list; undefined: it is not paged. */
  readonly pages: PagesModel | undefined;
  /** Whether its `idempotency_level` declares that repeated calls have no further effect. */
  readonly idempotent: boolean;
}

/** The fields by which a query pages its list (AIP-158). */
export interface PagesModel {
  /** The field of the response with the items: its first list of messages, or else its first list. */
  readonly items: DescField;
  /** The field of the request with the token of the page. */
  readonly token: DescField;
  /** The field of the response with the token of the next page. */
  readonly next: DescField;
}

/** A response with 204 has no body. */
export type SuccessStatus = 200 | 201 | 202 | 204;

/** A partial update of the fields that a google.protobuf.FieldMask names (AIP-134). */
export interface UpdateModel {
  /** The field of the request with the field mask. */
  readonly mask: DescField;
  /** The field of the request with the resource. */
  readonly resource: DescField & { readonly message: DescMessage };
}

/** What a command addresses, and the errors that it declares. */
export interface CommandRole {
  /** Distinguishes commands from queries. */
  readonly kind: "command";
  /** undefined: a plain function handles the command. */
  readonly target: CommandTarget | undefined;
  /** The errors that it declares in `fails_with`. */
  readonly errors: readonly ErrorModel[];
}

/** How a command reaches its aggregate. */
export interface CommandTarget {
  /** The addressed aggregate. */
  readonly aggregate: AggregateModel;
  /** The field of the request with the id of the aggregate. undefined: the runtime generates an id (only with `creates`). */
  readonly id: DescField | undefined;
  /** The path from the request to that field, inclusive: more than one field if it is part of a message (AIP-134). */
  readonly idPath: readonly DescField[];
  /** true: the aggregate must not exist yet; false: it must exist; undefined: either. */
  readonly creates: boolean | undefined;
  /** The events that it may record. */
  readonly emits: readonly EventModel[];
  /** The source of each field of the response. undefined: the decider returns the response. */
  readonly reply: readonly ReplyField[] | undefined;
}

/** A field of the response, and the source of its value. */
export interface ReplyField {
  /** The field of the response. */
  readonly field: DescField;
  /** `id` is the id of the aggregate; otherwise a field of the request. */
  readonly from: "id" | DescField;
}

/** What a query reads, and how long its response may be cached. */
export interface QueryRole {
  /** Distinguishes queries from commands. */
  readonly kind: "query";
  /** The read model that it names; undefined: none. */
  readonly readModel: ReadModelDesc | undefined;
  /** How long a caller may cache the response, in milliseconds. */
  readonly cacheTtl: number | undefined;
}

/** A literal, `*`, `**`, or a variable with the segments that it matches. */
export type PathSegmentModel = string | { readonly field: string; readonly segments: readonly string[] };

/** One HTTP binding. It has the shape of the runtime's `HttpBinding`. */
export interface HttpBindingModel {
  /** Upper case: `GET`, `POST`, or the kind of a `custom` pattern. */
  readonly method: string;
  /** The template as the contract writes it. */
  readonly path: string;
  /** The parsed template, without the verb. */
  readonly segments: readonly PathSegmentModel[];
  /** The custom verb after the last colon, without the colon. */
  readonly verb: string | undefined;
  /** `*`, or the field that is the body; undefined: no body. */
  readonly body: string | undefined;
  /** The field of the response that is the body; undefined: the whole message. */
  readonly responseBody: string | undefined;
}
