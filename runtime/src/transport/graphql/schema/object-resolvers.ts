import type { DescMessage } from "@bufbuild/protobuf";
import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isObjectType, isUnionType } from "graphql";
import type { GraphQLContract } from "../../../graphql/index.js";
import type { MaskTypes } from "../values/index.js";
import {
  compileField,
  compileOneof,
  type FieldContext,
  type Messages,
  propertyOf,
  type Read,
} from "../values/index.js";
import type { Entities } from "./entities.js";
import { asPure, asReader } from "./resolver-traits.js";

/** What resolves a field of an object type. */
export type ResolveField = (source: unknown, args: unknown, context: unknown) => unknown;

/** How the fields of object types are read from messages. */
export class ObjectReaders implements FieldContext {
  readonly library: FieldContext["library"];
  private readonly contract: GraphQLContract;
  private readonly messages: Messages;
  private readonly schema: GraphQLSchema;
  private readonly enumNames: ReadonlyMap<string, ReadonlyMap<number, string>>;

  constructor(contract: GraphQLContract, messages: Messages, schema: GraphQLSchema) {
    this.contract = contract;
    this.messages = messages;
    this.schema = schema;
    this.library = messages.library;
    this.enumNames = new Map(
      Object.values(contract.enums).map((binding) => [
        binding.enum,
        new Map(
          Object.entries(binding.values).flatMap(([name, value]) =>
            typeof value === "number" ? [[value, name] as const] : [],
          ),
        ),
      ]),
    );
  }

  names(desc: { readonly typeName: string }): ReadonlyMap<number, string> {
    return this.enumNames.get(desc.typeName) ?? new Map();
  }

  registry(): ReturnType<Messages["registry"]> {
    return this.messages.registry();
  }

  /** A field of a message, as the type that it has in the schema. */
  read(desc: DescMessage, name: string, shown: string, type: GraphQLOutputType): Read | undefined {
    return compileField(this.messages.field(desc, name), shown, getNamedType(type).name === "ID", this);
  }

  /** The resolvers of the fields of a type; those that any executor reads by itself have none. */
  resolvers(type: string, entities: Entities): Readonly<Record<string, ResolveField>> {
    const binding = this.contract.objects[type];
    const found = this.schema.getType(type);
    if (binding === undefined || !isObjectType(found)) return {};
    const desc = this.messages.message(binding.message);
    const resolvers: Record<string, ResolveField> = {};
    for (const [name, field] of Object.entries(found.getFields())) {
      const bound = binding.fields !== undefined && Object.hasOwn(binding.fields, name) ? binding.fields[name] : name;
      if (typeof bound === "object" && "reference" in bound) {
        const property = propertyOf(this.messages.field(desc, bound.key), this.library);
        resolvers[name] = asReader((source, _args, context) =>
          entities.byKey(bound.reference, (source as Record<string, unknown>)[property], context),
        );
        continue;
      }
      const read =
        typeof bound === "object" ? this.union(desc, bound) : this.plain(desc, bound ?? name, name, field.type);
      if (read !== undefined) resolvers[name] = asPure(asReader(read));
    }
    return resolvers;
  }

  private plain(desc: DescMessage, name: string, shown: string, type: GraphQLOutputType): Read | undefined {
    // The field of a type that has none.
    if (shown === "_" && !desc.fields.some((field) => field.jsonName === "_")) return undefined;
    return this.read(desc, name, shown, type);
  }

  private union(desc: DescMessage, bound: { readonly oneof: string; readonly members: readonly UnionMember[] }): Read {
    const oneof = desc.oneofs.find(({ name }) => name === bound.oneof);
    if (oneof === undefined) throw new Error(`${desc.typeName} has no oneof ${bound.oneof}: generate again`);
    const isId = ({ type, as = "" }: UnionMember) => {
      const wrapper = this.schema.getType(type);
      const field = isObjectType(wrapper) ? wrapper.getFields()[as] : undefined;
      return field !== undefined && getNamedType(field.type).name === "ID";
    };
    return compileOneof(oneof, bound.members, isId, this);
  }

  /** Which type of a union a value has: what it was told, or what a message of protobuf-es knows. */
  resolveType(): (value: unknown) => string | undefined {
    const types = new Map(Object.entries(this.contract.objects).map(([type, { message }]) => [message, type]));
    return asPure((value: unknown) => {
      const { __typename, $typeName } = value as { __typename?: string; $typeName?: string };
      return __typename ?? types.get($typeName ?? "");
    });
  }

  get unions(): readonly string[] {
    return Object.values(this.schema.getTypeMap()).flatMap((type) => (isUnionType(type) ? [type.name] : []));
  }

  /** How what is asked of object types leads to fields of messages. */
  mask(): Pick<MaskTypes, "fieldOf"> {
    const { objects } = this.contract;
    const fieldOf: MaskTypes["fieldOf"] = (type, field) => {
      const binding = Object.hasOwn(objects, type) ? objects[type] : undefined;
      if (binding === undefined) return undefined;
      // Whether there is such a type at all.
      if (field === "") return "";
      const desc = this.messages.message(binding.message);
      const bound =
        binding.fields !== undefined && Object.hasOwn(binding.fields, field) ? binding.fields[field] : field;
      if (typeof bound !== "object")
        return desc.fields.find((one) => one.name === bound || one.jsonName === bound)?.name;
      if ("reference" in bound) return { key: bound.key };
      return new Map(bound.members.map((member) => [member.type, member.field]));
    };
    return { fieldOf };
  }
}

type UnionMember = Parameters<typeof compileOneof>[1][number];
