import type { AggregateModel, MethodModel } from "../../../model/index.js";

// The bindings that a generated module holds next to its schema. They have the shapes of the runtime's
// GraphQLContract, with elements of the model in place of the consts of generated files. A name that equals the JSON
// name is left out.

/**
 * A member of a union. `field`: its name in proto. `type`: its object type. `as`: the only field of a type that wraps
 * the member.
 */
export interface UnionMember {
  readonly field: string;
  readonly type: string;
  readonly as?: string;
}

/** A field of an object type: a field of the message, a oneof, or the entity that a field refers to. */
export type ObjectField =
  | string
  | { readonly oneof: string; readonly members: readonly UnionMember[] }
  | { readonly reference: string; readonly key: string };

export interface ObjectBinding {
  readonly message: string;
  readonly fields: Readonly<Record<string, ObjectField>>;
}

/**
 * A field of an input object or an argument: a field of the message, or the members of a oneof by their input names.
 */
export type InputField = string | { readonly oneof: Readonly<Record<string, string>> };

export interface InputBinding {
  readonly message: string;
  readonly fields: Readonly<Record<string, InputField>>;
}

/** The number of each value. An alias of a number is bound by its proto name instead. */
export interface EnumBinding {
  readonly enum: string;
  readonly values: Readonly<Record<string, number | string>>;
}

/** A paged response as a connection. Fields are proto names; `others` are keyed by schema names. */
export interface ConnectionBinding {
  readonly items: string;
  readonly pageSize: string;
  readonly pageToken: string;
  readonly nextPageToken: string;
  readonly others: Readonly<Record<string, string>>;
}

/** A root field that calls a method. */
export interface MethodBinding {
  readonly method: MethodModel;
  /** The argument that holds the whole request. Absent: each argument is a field of the request. */
  readonly input?: string;
  readonly args: Readonly<Record<string, InputField>>;
  readonly unwrap?: string;
  readonly connection?: ConnectionBinding;
}

/** A subscription field that delivers the events of an aggregate. */
export interface EventsBinding {
  readonly aggregate: AggregateModel;
  /** The argument, and the field of the delivered type, that hold the id of the aggregate. */
  readonly id: string;
  /** The type of each event, by its local name. */
  readonly events: Readonly<Record<string, string>>;
}

/** How to find entities of a type by one of their keys, one at a time or in batches. */
export interface LookupBinding {
  readonly method: MethodModel;
  /** The key fields of the entity, by the request fields that take them. */
  readonly keys: Readonly<Record<string, string>>;
  /** For batches: the response field that holds the entities. */
  readonly items?: string;
  /** For batches: the maximum number of keys in a request. */
  readonly most?: number;
}

export interface EntityBinding {
  readonly lookups: readonly LookupBinding[];
  /** Whether other subgraphs may resolve it. */
  readonly federated: boolean;
}

/** All bindings of a module. */
export class Bindings {
  readonly query: Map<string, MethodBinding> = new Map();
  readonly mutation: Map<string, MethodBinding> = new Map();
  readonly subscription: Map<string, MethodBinding | EventsBinding> = new Map();
  readonly objects: Map<string, ObjectBinding> = new Map();
  readonly inputs: Map<string, InputBinding> = new Map();
  readonly enums: Map<string, EnumBinding> = new Map();
  readonly entities: Map<string, EntityBinding> = new Map();
}
