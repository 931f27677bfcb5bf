import type { AnyDesc, DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType } from "graphql";
import type { Diagnostics, ElementRef } from "../../../diagnostics/index.js";
import type { Direction } from "../../../json-schema/index.js";
import type { GraphQLFacts } from "../../../model/index.js";
import type { Bindings, Paging } from "../contract/index.js";
import type { Lock, TypeNames } from "../names/index.js";

/** The types of a schema under construction. Each is built once, on first use. */
export interface Types {
  readonly names: TypeNames;
  readonly bindings: Bindings;
  /** The names that clients use. */
  readonly lock: Lock;
  readonly diagnostics: Diagnostics;
  readonly facts: GraphQLFacts;
  /** The object type of a message. Its fields are built when the schema is assembled. */
  object(desc: DescMessage): GraphQLObjectType;
  /** The input type of a message. */
  input(desc: DescMessage): GraphQLInputObjectType;
  enumeration(desc: DescEnum): GraphQLEnumType;
  /** The entry type of a map in responses. */
  entry(field: DescField & { fieldKind: "map" }): GraphQLObjectType;
  entryInput(field: DescField & { fieldKind: "map" }): GraphQLInputObjectType;
  union(oneof: DescOneof): GraphQLUnionType;
  choice(oneof: DescOneof): GraphQLInputObjectType;
  /** The connection of a paged response. */
  connection(output: DescMessage, paging: Paging): GraphQLObjectType;
  /** The message that a name in an option refers to. Reports an unknown name and returns undefined. */
  findMessage(name: string, scope: string, ref: ElementRef): DescMessage | undefined;
  /** The type of the entity that a field refers to. Reports a missing lookup and returns undefined. */
  reference(desc: DescMessage, key: DescField, ref: ElementRef): GraphQLObjectType | undefined;
  /** Whether messages in a direction always have the field. */
  isRequired(field: DescField, direction: Direction): boolean;
  /** Whether a field has the type ID. */
  isId(field: DescField): boolean;
  /** Whether the file of an element uses Potter's annotations. Warnings are limited to those. */
  isAnnotated(desc: AnyDesc): boolean;
  /** The fields that requests must set, whatever their options say. */
  readonly needed: ReadonlySet<DescField>;
  /** Messages that updates accept in part. None of their fields is required. */
  readonly partial: ReadonlySet<DescMessage>;
}
