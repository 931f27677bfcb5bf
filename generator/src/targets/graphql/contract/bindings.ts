import type { AggregateModel, MethodModel } from "../../../model/index.js";

// What a generated module says besides its schema: the shapes of the runtime's GraphQLContract, with the model's elements
// where that has the consts of generated files. What follows from JSON names is left out.

/** Members of a choice that is answered: the field in proto, the type it is shown as, and the only field of a type made for it. */
export interface UnionMember {
  readonly field: string;
  readonly type: string;
  readonly as?: string;
}

/** A field of an object type: a field of the message, a choice among several, or the entity that a field is the key of. */
export type ObjectField =
  | string
  | { readonly oneof: string; readonly members: readonly UnionMember[] }
  | { readonly reference: string; readonly key: string };

export interface ObjectBinding {
  readonly message: string;
  readonly fields: Readonly<Record<string, ObjectField>>;
}

/** A field of an input: a field of the message, or a choice among several, by the names of its input. */
export type InputField = string | { readonly oneof: Readonly<Record<string, string>> };

export interface InputBinding {
  readonly message: string;
  readonly fields: Readonly<Record<string, InputField>>;
}

/** Number of each value; of a second name for a number, its name in proto. */
export interface EnumBinding {
  readonly enum: string;
  readonly values: Readonly<Record<string, number | string>>;
}

/** A paged answer as a connection: fields in proto names; `others` by the names of the schema. */
export interface ConnectionBinding {
  readonly items: string;
  readonly pageSize: string;
  readonly pageToken: string;
  readonly nextPageToken: string;
  readonly others: Readonly<Record<string, string>>;
}

/** A field of a root type that calls a method. */
export interface MethodBinding {
  readonly method: MethodModel;
  /** The argument that is the whole request. Absent: each argument is a field of it. */
  readonly input?: string;
  readonly args: Readonly<Record<string, InputField>>;
  readonly unwrap?: string;
  readonly connection?: ConnectionBinding;
}

/** A field of Subscription that follows the events of an aggregate. */
export interface EventsBinding {
  readonly aggregate: AggregateModel;
  /** The argument, and the field of what is answered, that is the id of the aggregate. */
  readonly id: string;
  /** The type of each event, by its local name. */
  readonly events: Readonly<Record<string, string>>;
}

/** How entities of a type are found by one of their keys: one by one, or several at once. */
export interface LookupBinding {
  readonly method: MethodModel;
  /** The key of the entity, by the field of the request that asks for it. */
  readonly keys: Readonly<Record<string, string>>;
  /** For several at once: the field of the answer that holds them. */
  readonly items?: string;
  /** For several at once: how many keys it takes. */
  readonly most?: number;
}

export interface EntityBinding {
  readonly lookups: readonly LookupBinding[];
  /** Whether other subgraphs may ask for it. */
  readonly federated: boolean;
}

/** All that a module says. */
export class Bindings {
  readonly query: Map<string, MethodBinding> = new Map();
  readonly mutation: Map<string, MethodBinding> = new Map();
  readonly subscription: Map<string, MethodBinding | EventsBinding> = new Map();
  readonly objects: Map<string, ObjectBinding> = new Map();
  readonly inputs: Map<string, InputBinding> = new Map();
  readonly enums: Map<string, EnumBinding> = new Map();
  readonly entities: Map<string, EntityBinding> = new Map();
}
