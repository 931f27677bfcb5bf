import {
  clearField,
  clone,
  create,
  type DescEnum,
  type DescFile,
  type DescMessage,
  type Message,
} from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  EnumOptionsSchema,
  EnumValueDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
  OneofDescriptorProtoSchema,
  OneofOptionsSchema,
} from "@bufbuild/protobuf/wkt";

/** Extensions that the runtime reads: buf.validate.{message,oneof,field} and potter.v1.field. */
const keptExtensions: ReadonlySet<number> = new Set([1159, 50708]);

/**
 * Returns the descriptors of the given messages and of all types that they contain. Leaves out services, source info, and options
 * that affect neither serialization nor validation. Each file comes after its imports.
 */
export function pruneDescriptors(messages: Iterable<DescMessage>): FileDescriptorSet {
  const kept = new Reach();
  for (const message of messages) kept.message(message);
  return create(FileDescriptorSetSchema, { file: [...kept.files.keys()].sort(byName).reduce(kept.ordered, []) });
}

function byName(a: DescFile, b: DescFile): number {
  return a.name < b.name ? -1 : 1;
}

/** The types that some messages contain, directly or indirectly. */
class Reach {
  /** Each file, with the files that it imports. */
  readonly files = new Map<DescFile, Set<DescFile>>();
  private readonly types = new Set<DescMessage | DescEnum>();
  /** Messages that are kept only because of their nested types. */
  private readonly shells = new Set<DescMessage>();
  private readonly done = new Set<DescFile>();

  message(message: DescMessage): void {
    if (!this.enter(message)) return;
    const needed = this.files.get(message.file);
    for (const field of message.fields) {
      const type = field.message ?? field.enum;
      if (type === undefined) continue;
      if (type.kind === "message") this.message(type);
      else this.enter(type);
      if (type.file !== message.file) needed?.add(type.file);
    }
  }

  private enter(type: DescMessage | DescEnum): boolean {
    if (this.types.has(type)) return false;
    this.types.add(type);
    if (!this.files.has(type.file)) this.files.set(type.file, new Set());
    for (let { parent } = type; parent !== undefined; { parent } = parent) this.shells.add(parent);
    return true;
  }

  /** Adds a file to a list, after its imports. */
  readonly ordered = (list: FileDescriptorProto[], file: DescFile): FileDescriptorProto[] => {
    if (this.done.has(file)) return list;
    this.done.add(file);
    const needed = [...(this.files.get(file) ?? [])].sort(byName);
    needed.reduce(this.ordered, list);
    list.push(this.pruneFile(file, needed));
    return list;
  };

  private pruneFile({ proto, messages, enums }: DescFile, needed: readonly DescFile[]): FileDescriptorProto {
    const { name, syntax, edition, options } = proto;
    return create(FileDescriptorProtoSchema, {
      name,
      package: proto.package,
      syntax,
      ...(edition === 0 ? {} : { edition }),
      dependency: needed.map((file) => file.proto.name),
      messageType: this.pruneMessages(messages),
      enumType: this.pruneEnums(enums),
      ...(options?.features && { options: create(FileOptionsSchema, { features: options.features }) }),
    });
  }

  private pruneMessages(messages: readonly DescMessage[]): DescriptorProto[] {
    return messages
      .filter((message) => this.types.has(message) || this.shells.has(message))
      .map((message) => this.pruneMessage(message));
  }

  private pruneMessage(message: DescMessage): DescriptorProto {
    const { proto } = message;
    const nestedType = this.pruneMessages(message.nestedMessages);
    const enumType = this.pruneEnums(message.nestedEnums);
    if (!this.types.has(message)) return create(DescriptorProtoSchema, { name: proto.name, nestedType, enumType });
    const entries = proto.nestedType.filter(({ options }) => options?.mapEntry === true);
    return create(DescriptorProtoSchema, {
      name: proto.name,
      field: proto.field.map(pruneField),
      oneofDecl: proto.oneofDecl.map(({ name, options }) =>
        create(OneofDescriptorProtoSchema, { name, ...pruneOptions(OneofOptionsSchema, options, ["features"]) }),
      ),
      nestedType: [...nestedType, ...entries.map(pruneEntry)],
      enumType,
      ...pruneOptions(MessageOptionsSchema, proto.options, ["features", "messageSetWireFormat"]),
    });
  }

  private pruneEnums(enums: readonly DescEnum[]): EnumDescriptorProto[] {
    return enums.filter((type) => this.types.has(type)).map(({ proto }) => pruneEnum(proto));
  }
}

function pruneEntry({ name, field, options }: DescriptorProto): DescriptorProto {
  return create(DescriptorProtoSchema, {
    name,
    field: field.map(pruneField),
    ...pruneOptions(MessageOptionsSchema, options, ["features", "mapEntry"]),
  });
}

function pruneField(field: FieldDescriptorProto): FieldDescriptorProto {
  const pruned = clone(FieldDescriptorProtoSchema, field);
  const { options } = pruneOptions(FieldOptionsSchema, field.options, ["features", "packed"]);
  if (options === undefined) clearField(pruned, FieldDescriptorProtoSchema.field.options);
  else pruned.options = options;
  return pruned;
}

function pruneEnum({ name, value, options }: EnumDescriptorProto): EnumDescriptorProto {
  return create(EnumDescriptorProtoSchema, {
    name,
    value: value.map(({ name, number }) => create(EnumValueDescriptorProtoSchema, { name, number })),
    ...pruneOptions(EnumOptionsSchema, options, ["features"]),
  });
}

/** Keeps the named fields of options, if set, and the extensions that the runtime reads. */
function pruneOptions<Options extends Message>(
  schema: GenMessage<Options>,
  options: Options | undefined,
  keep: readonly (keyof Options)[],
): { readonly options?: Options } {
  if (options === undefined) return {};
  const fields = keep.filter((name) => Object.hasOwn(options, name));
  const unknown = options.$unknown?.filter(({ no }) => keptExtensions.has(no)) ?? [];
  if (fields.length === 0 && unknown.length === 0) return {};
  const pruned = create(schema);
  for (const name of fields) pruned[name] = options[name];
  if (unknown.length > 0) pruned.$unknown = unknown;
  return { options: pruned };
}
