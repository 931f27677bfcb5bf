import { create, type DescEnum, type DescFile, type DescMessage, toBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  EnumOptionsSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * Returns the minimal descriptors that can decode a message: a FileDescriptorSet of its type and the types of its fields, without
 * comments, services and options that do not affect the encoding. The bytes are the same for the same declaration, whichever
 * message library it comes from.
 */
export function toDescriptorSet(message: DescMessage): Uint8Array {
  const needed = new Set<DescMessage | DescEnum>();
  collect(message, needed);
  const files = new Map<DescFile, (DescMessage | DescEnum)[]>();
  for (const type of needed) files.set(type.file, [...(files.get(type.file) ?? []), type]);
  const ordered = order(message.file, files, (file) => dependenciesOf(file, files.get(file) ?? [], needed));
  const file = ordered.map((one) =>
    toFile(
      one,
      needed,
      dependenciesOf(one, files.get(one) ?? [], needed).map(({ proto }) => proto.name),
    ),
  );
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }), { writeUnknownFields: false });
}

/** Collects a type and the types of all its fields. Map entries are not separate types. */
function collect(type: DescMessage | DescEnum, found: Set<DescMessage | DescEnum>): void {
  if (found.has(type)) return;
  found.add(type);
  if (type.kind === "message") for (const one of fieldTypes(type)) collect(one, found);
}

function fieldTypes(message: DescMessage): (DescMessage | DescEnum)[] {
  return message.fields.flatMap((field) => field.message ?? field.enum ?? []);
}

function dependenciesOf(
  file: DescFile,
  types: readonly (DescMessage | DescEnum)[],
  needed: ReadonlySet<DescMessage | DescEnum>,
): DescFile[] {
  const used = types.flatMap((type) => (type.kind === "message" && needed.has(type) ? fieldTypes(type) : []));
  const files = new Set(used.map((type) => type.file));
  files.delete(file);
  return [...files].sort((a, b) => (a.proto.name < b.proto.name ? -1 : 1));
}

/** Sorts files so that each follows its imports. */
function order(
  first: DescFile,
  files: ReadonlyMap<DescFile, unknown>,
  dependencies: (file: DescFile) => readonly DescFile[],
): DescFile[] {
  const ordered: DescFile[] = [];
  const visited = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    if (visited.has(file) || !files.has(file)) return;
    visited.add(file);
    for (const one of dependencies(file)) visit(one);
    ordered.push(file);
  };
  visit(first);
  return ordered;
}

type Needed = ReadonlySet<DescMessage | DescEnum>;

function toFile(file: DescFile, needed: Needed, dependency: string[]): FileDescriptorProto {
  const { name, package: packageName, syntax, edition, options } = file.proto;
  return create(FileDescriptorProtoSchema, {
    name,
    package: packageName,
    syntax,
    edition,
    dependency,
    messageType: file.messages.filter((one) => holds(one, needed)).map((one) => toMessage(one, needed)),
    enumType: file.enums.filter((one) => needed.has(one)).map(toEnum),
    ...(options?.features && { options: create(FileOptionsSchema, { features: options.features }) }),
  });
}

/** Whether a message or a type nested in it is needed. */
function holds(message: DescMessage, needed: Needed): boolean {
  return (
    needed.has(message) ||
    message.nestedMessages.some((one) => holds(one, needed)) ||
    message.nestedEnums.some((one) => needed.has(one))
  );
}

function toMessage(message: DescMessage, needed: Needed): DescriptorProto {
  const { proto } = message;
  const whole = needed.has(message);
  const entries = whole ? proto.nestedType.filter(({ options }) => options?.mapEntry) : [];
  return create(DescriptorProtoSchema, {
    name: proto.name,
    ...(whole && { field: proto.field.map(toField), oneofDecl: proto.oneofDecl.map(({ name }) => ({ name })) }),
    nestedType: [
      ...entries.map(({ name, field }) =>
        create(DescriptorProtoSchema, {
          name,
          field: field.map(toField),
          options: create(MessageOptionsSchema, { mapEntry: true }),
        }),
      ),
      ...message.nestedMessages.filter((one) => holds(one, needed)).map((one) => toMessage(one, needed)),
    ],
    enumType: message.nestedEnums.filter((one) => needed.has(one)).map(toEnum),
    ...(proto.options?.features && {
      options: create(MessageOptionsSchema, { features: proto.options.features }),
    }),
  });
}

function toField(proto: FieldDescriptorProto): FieldDescriptorProto {
  const { name, number, label, type, typeName, defaultValue, oneofIndex, jsonName, proto3Optional, options } = proto;
  const packed = options !== undefined && Object.hasOwn(options, "packed") ? options.packed : undefined;
  return create(FieldDescriptorProtoSchema, {
    name,
    number,
    label,
    type,
    ...(Object.hasOwn(proto, "typeName") && { typeName }),
    ...(Object.hasOwn(proto, "defaultValue") && { defaultValue }),
    ...(Object.hasOwn(proto, "oneofIndex") && { oneofIndex }),
    ...(Object.hasOwn(proto, "proto3Optional") && { proto3Optional }),
    jsonName,
    ...((packed !== undefined || options?.features) && {
      options: create(FieldOptionsSchema, {
        ...(packed !== undefined && { packed }),
        ...(options?.features && { features: options.features }),
      }),
    }),
  });
}

function toEnum({ proto }: DescEnum): EnumDescriptorProto {
  const { name, value, options } = proto;
  const allowAlias = options !== undefined && Object.hasOwn(options, "allowAlias") && options.allowAlias;
  return create(EnumDescriptorProtoSchema, {
    name,
    value: value.map((one) => ({ name: one.name, number: one.number })),
    ...((allowAlias || options?.features) && {
      options: create(EnumOptionsSchema, {
        ...(allowAlias && { allowAlias }),
        ...(options?.features && { features: options.features }),
      }),
    }),
  });
}
