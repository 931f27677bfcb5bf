import type { AnyDesc, DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, GraphQLUnionType } from "graphql";
import { fileOf } from "../../../descriptors/index.js";
import { type Diagnostics, type ElementRef, suggest } from "../../../diagnostics/index.js";
import { type Direction, isRequired } from "../../../json-schema/index.js";
import { type GraphQLFacts, type Model, messagesOf } from "../../../model/index.js";
import {
  Bindings,
  type Entities,
  findIds,
  findNeededIds,
  findPartial,
  type Paging,
  type Scope,
} from "../contract/index.js";
import { findNameOwners, type Lock, TypeNames } from "../names/index.js";
import { buildConnection } from "./connection.js";
import { buildEnum } from "./enum-type.js";
import { buildInput } from "./input-object.js";
import { buildEntry, buildEntryInput } from "./map-types.js";
import { buildObject } from "./object-type.js";
import { buildChoice, buildUnion } from "./oneof-types.js";
import type { Types } from "./types.js";

type MapField = DescField & { fieldKind: "map" };

/** The types of one schema, built on demand. */
export class SchemaTypes implements Types {
  readonly bindings: Bindings = new Bindings();
  readonly names: TypeNames;
  readonly lock: Lock;
  readonly diagnostics: Diagnostics;
  readonly facts: GraphQLFacts;
  readonly isAnnotated: (desc: AnyDesc) => boolean;
  readonly isId: (field: DescField) => boolean;
  readonly needed: ReadonlySet<DescField>;
  readonly partial: ReadonlySet<DescMessage>;
  /** The messages of object types, by type name. */
  readonly outputMessages: Map<string, DescMessage> = new Map();
  private readonly model: Model;
  private readonly entities: Entities;
  private readonly made: Map<string, unknown> = new Map();

  constructor(model: Model, scope: Scope, entities: Entities, lock: Lock, diagnostics: Diagnostics) {
    this.lock = lock;
    this.model = model;
    this.entities = entities;
    this.diagnostics = diagnostics;
    this.facts = model.graphql;
    const ours = new Set(model.all.flatMap(({ desc, annotated }) => (annotated ? [desc] : [])));
    this.isAnnotated = (desc) => ours.has(fileOf(desc));
    this.names = new TypeNames(diagnostics, findNameOwners(scope, model), this.isAnnotated, lock);
    this.isId = findIds(model);
    this.needed = findNeededIds(model);
    this.partial = findPartial(model);
  }

  isRequired(field: DescField, direction: Direction): boolean {
    return isRequired(field, direction, this.model.openapi);
  }

  object(desc: DescMessage): GraphQLObjectType {
    return this.once(`object ${desc.typeName}`, () => {
      const type = buildObject(this, desc);
      this.outputMessages.set(type.name, desc);
      return type;
    });
  }

  input(desc: DescMessage): GraphQLInputObjectType {
    return this.once(`input ${desc.typeName}`, () => buildInput(this, desc));
  }

  enumeration(desc: DescEnum): GraphQLEnumType {
    return this.once(`enum ${desc.typeName}`, () => buildEnum(this, desc));
  }

  entry(field: MapField): GraphQLObjectType {
    return this.once(`entry ${field.parent.typeName}.${field.name}`, () => buildEntry(this, field));
  }

  entryInput(field: MapField): GraphQLInputObjectType {
    return this.once(`entry input ${field.parent.typeName}.${field.name}`, () => buildEntryInput(this, field));
  }

  union(oneof: DescOneof): GraphQLUnionType {
    return this.once(`union ${oneof.parent.typeName}.${oneof.name}`, () => buildUnion(this, oneof));
  }

  choice(oneof: DescOneof): GraphQLInputObjectType {
    return this.once(`choice ${oneof.parent.typeName}.${oneof.name}`, () => buildChoice(this, oneof));
  }

  connection(output: DescMessage, paging: Paging): GraphQLObjectType {
    return this.once(`connection ${output.typeName}`, () => buildConnection(this, output, paging));
  }

  findMessage(name: string, scope: string, ref: ElementRef): DescMessage | undefined {
    const all = new Map(
      this.model.all.flatMap(({ desc }) => messagesOf(desc).map((one) => [one.typeName, one] as const)),
    );
    if (name.startsWith(".")) scope = "";
    const wanted = name.replace(/^\./, "");
    for (let prefix = scope; ; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("."), 0))) {
      const found = all.get(prefix === "" ? wanted : `${prefix}.${wanted}`);
      if (found !== undefined) return found;
      if (prefix === "") break;
    }
    const meant = suggest(
      name,
      Array.from(all.values(), (one) => one.name),
    );
    this.diagnostics.report("unknown-reference", { ...ref, focus: `"${name}"` }, "message", name, meant);
    return undefined;
  }

  reference(desc: DescMessage, key: DescField, ref: ElementRef): GraphQLObjectType | undefined {
    const entity = this.entities.find(desc);
    const lookups = entity === undefined ? [] : this.entities.lookups(entity);
    const fitting = lookups.filter(({ keys }) => Object.keys(keys).length === 1);
    if (entity === undefined || fitting.length === 0) {
      const reason = `no query looks up ${desc.name} by a single-field key`;
      this.diagnostics.report("graphql-option", ref, "reference", `${key.parent.name}.${key.name}`, reason);
      return undefined;
    }
    const type = this.object(desc);
    this.bindings.entities.set(type.name, { lookups, federated: entity.federated });
    return type;
  }

  private once<T>(key: string, make: () => T): T {
    const known = this.made.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.made.set(key, made);
    return made;
  }
}
