import type { AnyDesc, DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType } from "graphql";
import type { Diagnostics, ElementRef } from "../../../diagnostics/index.js";
import type { Direction } from "../../../json-schema/index.js";
import type { GraphQLFacts } from "../../../model/index.js";
import type { Bindings, Paging } from "../contract/index.js";
import type { Lock, TypeNames } from "../names/index.js";

/** The types of a schema under construction: each made once, when it is first asked for. */
export interface Types {
  readonly names: TypeNames;
  readonly bindings: Bindings;
  /** The names that clients use. */
  readonly lock: Lock;
  readonly diagnostics: Diagnostics;
  readonly facts: GraphQLFacts;
  /** The type of a message where it is answered. Its fields are made when the schema is put together. */
  object(desc: DescMessage): GraphQLObjectType;
  /** The type of a message where it is asked for. */
  input(desc: DescMessage): GraphQLInputObjectType;
  enumeration(desc: DescEnum): GraphQLEnumType;
  /** An entry of a map. */
  entry(field: DescField & { fieldKind: "map" }): GraphQLObjectType;
  entryInput(field: DescField & { fieldKind: "map" }): GraphQLInputObjectType;
  union(oneof: DescOneof): GraphQLUnionType;
  choice(oneof: DescOneof): GraphQLInputObjectType;
  /** The connection of a paged answer. */
  connection(output: DescMessage, paging: Paging): GraphQLObjectType;
  /** The message that a name in an option refers to; undefined: none, which is told. */
  findMessage(name: string, scope: string, place: ElementRef): DescMessage | undefined;
  /** The type of an entity that a field is the key of; undefined: nothing finds it by that, which is told. */
  reference(desc: DescMessage, key: DescField, place: ElementRef): GraphQLObjectType | undefined;
  /** Whether messages of a direction always have the field. */
  isRequired(field: DescField, direction: Direction): boolean;
  /** Whether a field names something. */
  isId(field: DescField): boolean;
  /** Whether the file of an element was written for Potter: only then its author is warned. */
  isOurs(desc: AnyDesc): boolean;
  /** The fields that requests must have, whatever their own options say. */
  readonly needed: ReadonlySet<DescField>;
  /** Messages of which updates take a part: none of their fields must be given. */
  readonly partial: ReadonlySet<DescMessage>;
}
