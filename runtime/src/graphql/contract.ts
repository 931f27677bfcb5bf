import type { AggregateDefinition } from "../aggregate/index.js";
import type { AnyMethod } from "../cqrs/index.js";

// Names of the schema lead to names of the proto. A field that is not listed is the field of the message whose JSON name
// it has.

/** A member of a choice that is answered. */
export interface GraphQLUnionMember {
  /** The field of the message. */
  readonly field: string;
  /** The type that it is shown as. */
  readonly type: string;
  /** Of a type that was made for it: its only field, which holds the value. */
  readonly as?: string;
}

/** A field of an object type: a field of the message, a choice among several, or the entity that a field is the key of. */
export type GraphQLObjectField =
  | string
  | { readonly oneof: string; readonly members: readonly GraphQLUnionMember[] }
  | { readonly reference: string; readonly key: string };

export interface GraphQLObjectBinding {
  /** Full name of the message. */
  readonly message: string;
  readonly fields?: { readonly [name: string]: GraphQLObjectField };
}

/** A field of an input: a field of the message, or a choice among several by the names of its input. */
export type GraphQLInputField = string | { readonly oneof: { readonly [name: string]: string } };

export interface GraphQLInputBinding {
  /** Full name of the message. */
  readonly message: string;
  readonly fields?: { readonly [name: string]: GraphQLInputField };
}

export interface GraphQLEnumBinding {
  /** Full name of the enum. */
  readonly enum: string;
  /** The number of each value; of a second name for a number, its name in proto. */
  readonly values: { readonly [name: string]: number | string };
}

/** A paged answer as a connection: fields of request and response. */
export interface GraphQLConnection {
  readonly items: string;
  readonly pageSize: string;
  readonly pageToken: string;
  readonly nextPageToken: string;
  /** Other fields of the response. */
  readonly others?: { readonly [name: string]: string };
}

/** A field of a root type that calls a method. */
export interface GraphQLMethod {
  readonly method: AnyMethod;
  /** The argument that is the whole request. Absent: each argument is a field of it. */
  readonly input?: string;
  readonly args?: { readonly [name: string]: GraphQLInputField };
  /** The field of the response that is the answer. */
  readonly unwrap?: string;
  readonly connection?: GraphQLConnection;
}

/** A field of Subscription that follows the events of an aggregate. */
export interface GraphQLEvents {
  readonly aggregate: { readonly definition: AggregateDefinition };
  /** The argument, and the field of what is answered, that is the id of the aggregate. */
  readonly id: string;
  /** The type of each event, by its local name. */
  readonly events: { readonly [name: string]: string };
}

/** A query that finds entities by a key: one, or several at once. */
export interface GraphQLLookup {
  readonly method: AnyMethod;
  /** Fields of the request, and the fields of the entity that they ask by. */
  readonly keys: { readonly [field: string]: string };
  /** For several at once: the field of the response that holds them. */
  readonly items?: string;
  /** For several at once: how many keys it takes. */
  readonly most?: number;
}

export interface GraphQLEntity {
  readonly lookups: readonly GraphQLLookup[];
  /** Whether other subgraphs may ask for it. */
  readonly federated?: boolean;
}

/** A GraphQL schema of a contract, as the generator prints it. */
export interface GraphQLContract {
  /** In the schema definition language. */
  readonly typeDefs: string;
  readonly query: { readonly [name: string]: GraphQLMethod };
  readonly mutation: { readonly [name: string]: GraphQLMethod };
  readonly subscription: { readonly [name: string]: GraphQLMethod | GraphQLEvents };
  readonly objects: { readonly [name: string]: GraphQLObjectBinding };
  readonly inputs: { readonly [name: string]: GraphQLInputBinding };
  readonly enums: { readonly [name: string]: GraphQLEnumBinding };
  readonly entities?: { readonly [name: string]: GraphQLEntity };
}
