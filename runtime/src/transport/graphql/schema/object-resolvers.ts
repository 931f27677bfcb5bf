import type { DescMessage } from "@bufbuild/protobuf";
import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isObjectType, isUnionType } from "graphql";
import type { GraphQLContract } from "../../../graphql-bindings/index.js";
import type { MaskTypes } from "../values/index.js";
import {
  compileField,
  compileOneof,
  type FieldContext,
  type MessageTypes,
  propertyOf,
  type ReadField,
  staleModule,
} from "../values/index.js";
import type { EntityFinder } from "./entities.js";
import { asPure, asReference, asSourceResolver, type SourceResolver } from "./resolver-traits.js";

/** Resolver of a field of an object type. */
export type ResolveField = (source: unknown, args: unknown, context: unknown) => unknown;

/** Compiles the resolvers of object types, which read fields from messages. */
export class ObjectReaders implements FieldContext {
  readonly library: FieldContext["library"];
  private readonly contract: GraphQLContract;
  private readonly messages: MessageTypes;
  private readonly schema: GraphQLSchema;
  private readonly enumNames: ReadonlyMap<string, ReadonlyMap<number, string>>;

  constructor(contract: GraphQLContract, messages: MessageTypes, schema: GraphQLSchema) {
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

  registry(): ReturnType<MessageTypes["registry"]> {
    return this.messages.registry();
  }

  /** Compiles the reader of a message field for its type in the schema. */
  read(desc: DescMessage, name: string, shown: string, type: GraphQLOutputType): ReadField | undefined {
    return compileField(this.messages.field(desc, name), shown, getNamedType(type).name === "ID", this);
  }

  /** The resolvers of a type. Fields that the default resolver reads correctly have none. */
  resolvers(type: string, entities: EntityFinder): Readonly<Record<string, ResolveField>> {
    const binding = this.contract.objects[type];
    const found = this.schema.getType(type);
    if (binding === undefined || !isObjectType(found)) return {};
    const desc = this.messages.message(binding.message);
    const resolvers: Record<string, ResolveField> = {};
    for (const [name, field] of Object.entries(found.getFields())) {
      const bound = binding.fields !== undefined && Object.hasOwn(binding.fields, name) ? binding.fields[name] : name;
      if (typeof bound === "object" && "reference" in bound) {
        resolvers[name] = this.reference(desc, bound, entities);
        continue;
      }
      const read =
        typeof bound === "object" ? this.union(desc, bound) : this.plain(desc, bound ?? name, name, field.type);
      if (read !== undefined) resolvers[name] = asPure(asSourceResolver(read));
    }
    return resolvers;
  }

  private reference(
    desc: DescMessage,
    bound: { readonly reference: string; readonly key: string },
    entities: EntityFinder,
  ): ResolveField {
    const property = propertyOf(this.messages.field(desc, bound.key), this.library);
    const loader = (context: unknown) => entities.loaderOf(bound.reference, context);
    const key = (source: unknown) => {
      const value = (source as Record<string, unknown>)[property];
      return value === undefined || value === null || value === "" ? undefined : String(value);
    };
    const resolve: SourceResolver = (source, _args, context) => {
      const found = key(source);
      return found === undefined ? null : (loader(context)?.get(found) ?? null);
    };
    return asReference(asSourceResolver(resolve), { loader, key }) as ResolveField;
  }

  private plain(desc: DescMessage, name: string, shown: string, type: GraphQLOutputType): ReadField | undefined {
    // The placeholder field of an empty type.
    if (shown === "_" && !desc.fields.some((field) => field.jsonName === "_")) return undefined;
    return this.read(desc, name, shown, type);
  }

  private union(
    desc: DescMessage,
    bound: { readonly oneof: string; readonly members: readonly UnionMember[] },
  ): ReadField {
    const oneof = desc.oneofs.find(({ name }) => name === bound.oneof);
    if (oneof === undefined) throw staleModule(`${desc.typeName} has no oneof ${bound.oneof}`);
    const isId = ({ type, as = "" }: UnionMember) => {
      const wrapper = this.schema.getType(type);
      const field = isObjectType(wrapper) ? wrapper.getFields()[as] : undefined;
      return field !== undefined && getNamedType(field.type).name === "ID";
    };
    return compileOneof(oneof, bound.members, isId, this);
  }

  /** Finds the type of a value in a union: by `__typename`, or by the type name of a protobuf-es message. */
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

  /** Maps fields of object types to message fields, for field masks. */
  mask(): Pick<MaskTypes, "fieldOf"> {
    const { objects } = this.contract;
    const fieldOf: MaskTypes["fieldOf"] = (type, field) => {
      const binding = Object.hasOwn(objects, type) ? objects[type] : undefined;
      if (binding === undefined) return undefined;
      // A query for the type itself.
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
