import type { AggregateDefinition } from "../aggregate/index.js";
import type { AnyMethod } from "../cqrs/index.js";

// Maps names of the schema to names of the proto. A field that is not listed is bound to the message field of the same JSON
// name.

/** A member of a oneof in a response. */
export interface GraphQLUnionMember {
  /** The field of the message. */
  readonly field: string;
  /** The type in the schema. */
  readonly type: string;
  /** The only field of a wrapper type, which contains the value. Absent if the member has no wrapper type. */
  readonly as?: string;
}

/** A field of an object type: a field of the message, a oneof, or the entity to which a key field refers. */
export type GraphQLObjectField =
  | string
  | { readonly oneof: string; readonly members: readonly GraphQLUnionMember[] }
  | { readonly reference: string; readonly key: string };

/** Binds an object type to a message. */
export interface GraphQLObjectBinding {
  /** Full name of the message. */
  readonly message: string;
  /** Fields whose names or types differ from those of the message. Default: none. */
  readonly fields?: { readonly [name: string]: GraphQLObjectField };
}

/** A field of an input type: a field of the message, or a oneof whose members are mapped by their input names. */
export type GraphQLInputField = string | { readonly oneof: { readonly [name: string]: string } };

/** Binds an input type to a message. */
export interface GraphQLInputBinding {
  /** Full name of the message. */
  readonly message: string;
  /** Fields whose names or types differ from those of the message. Default: none. */
  readonly fields?: { readonly [name: string]: GraphQLInputField };
}

/** Binds an enum of the schema to a proto enum. */
export interface GraphQLEnumBinding {
  /** Full name of the enum. */
  readonly enum: string;
  /** The number of each value, or the proto name of an alias. */
  readonly values: { readonly [name: string]: number | string };
}

/** Names the fields of a paged request and response that make up a connection. */
export interface GraphQLConnection {
  /** The field of the response that contains the items. */
  readonly items: string;
  /** The field of the request for the number of items. */
  readonly pageSize: string;
  /** The field of the request for the token of the page. */
  readonly pageToken: string;
  /** The field of the response for the token of the next page. */
  readonly nextPageToken: string;
  /** Other fields of the response. */
  readonly others?: { readonly [name: string]: string };
}

/** Binds a root field to a method. */
export interface GraphQLMethod {
  /** The method that the field calls. */
  readonly method: AnyMethod;
  /** The argument that is the whole request. Absent: each argument is a field of the request. */
  readonly input?: string;
  /** Arguments whose names differ from those of the request's fields. Default: none. */
  readonly args?: { readonly [name: string]: GraphQLInputField };
  /** The field of the response to return instead of the whole response. */
  readonly unwrap?: string;
  /** Set if the field is a connection over the pages of the method. */
  readonly connection?: GraphQLConnection;
}

/** Binds a field of Subscription to the events of an aggregate. */
export interface GraphQLEvents {
  /** The aggregate whose events the field delivers. */
  readonly aggregate: { readonly definition: AggregateDefinition };
  /** The name of the aggregate's id, as argument and as field of the result. */
  readonly id: string;
  /** The type of each event, by its local name. */
  readonly events: { readonly [name: string]: string };
}

/** A query that finds one or several entities by key. */
export interface GraphQLLookup {
  /** The query that finds the entities. */
  readonly method: AnyMethod;
  /** Fields of the request, mapped to the key fields of the entity. */
  readonly keys: { readonly [field: string]: string };
  /** For several entities: the field of the response that contains them. */
  readonly items?: string;
  /** For several entities: the maximum number of keys in a request. */
  readonly most?: number;
}

/** How an entity is found. */
export interface GraphQLEntity {
  /** The queries that find it by one of its keys. */
  readonly lookups: readonly GraphQLLookup[];
  /** Whether other subgraphs may resolve it. */
  readonly federated?: boolean;
}

/** The GraphQL schema of a contract and its bindings, as the generator prints them. */
export interface GraphQLContract {
  /** The schema as SDL. */
  readonly typeDefs: string;
  /** The fields of Query. */
  readonly query: { readonly [name: string]: GraphQLMethod };
  /** The fields of Mutation. */
  readonly mutation: { readonly [name: string]: GraphQLMethod };
  /** The fields of Subscription. */
  readonly subscription: { readonly [name: string]: GraphQLMethod | GraphQLEvents };
  /** The object types of messages, by name. */
  readonly objects: { readonly [name: string]: GraphQLObjectBinding };
  /** The input types of messages, by name. */
  readonly inputs: { readonly [name: string]: GraphQLInputBinding };
  /** The enums, by name. */
  readonly enums: { readonly [name: string]: GraphQLEnumBinding };
  /** The types that are found by key, by name. Default: none. */
  readonly entities?: { readonly [name: string]: GraphQLEntity };
}
