import {
  type AnyDesc,
  clearField,
  clone,
  type DescExtension,
  type DescFile,
  getOption,
  hasOption,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { readComment, type Source } from "../descriptors/index.js";
import { file_potter_v1_graphql } from "../gen/potter/v1/graphql_pb.js";
import { file_potter_v1_openapi } from "../gen/potter/v1/openapi_pb.js";
import { file_potter_v1_options } from "../gen/potter/v1/options_pb.js";
import { messagesOf } from "../model/index.js";
import { printMessage } from "./print-option.js";

const extensions: readonly DescExtension[] = [
  file_potter_v1_options,
  file_potter_v1_openapi,
  file_potter_v1_graphql,
].flatMap((file) => file.extensions);

/** A file that two contracts describe differently, with the first element that differs. */
export interface ContractDifference {
  /** Its import path. */
  readonly file: string;
  /** The first element that differs. */
  readonly element: string;
}

/**
 * Compares two contracts without options of Go Potter: comments, options of potter.v1, and everything else that their descriptors say,
 * but for positions and imports.
 */
export function findDifferences(before: Source, after: Source): readonly ContractDifference[] {
  return before.files.flatMap((file) => {
    const element = findDifference(file, after.registry.getFile(`${file.name}.proto`));
    return element === undefined ? [] : [{ file: `${file.name}.proto`, element }];
  });
}

function findDifference(file: DescFile, other: DescFile | undefined): string | undefined {
  if (other === undefined) return `file ${file.name}.proto`;
  const [left, right] = [describe(file), describe(other)];
  for (const [name, text] of left) if (right.get(name) !== text) return name;
  return left.size === right.size && haveSameRest(file.proto, other.proto) ? undefined : `file ${file.name}.proto`;
}

/** The comment and the options of each element of a file. */
function describe(file: DescFile): ReadonlyMap<string, string> {
  const elements: AnyDesc[] = [
    file,
    ...file.services.flatMap((service) => [service, ...service.methods]),
    ...messagesOf(file).flatMap((message) => [message, ...message.fields, ...message.oneofs, ...message.nestedEnums]),
    ...file.enums,
  ];
  const values = elements.flatMap((one) => (one.kind === "enum" ? one.values : []));
  return new Map(
    [...elements, ...values].map((desc) => [String(desc), `${readComment(desc)}\n${describeOptions(desc)}`]),
  );
}

function describeOptions(desc: AnyDesc): string {
  if (desc.proto.options === undefined) return "";
  const set = extensions.filter((extension) => fits(extension, desc) && hasOption(desc as never, extension as never));
  return set
    .map((extension) => {
      const value = getOption(desc as never, extension as never) as Message;
      return `${extension.typeName} ${extension.message ? printMessage(reflect(extension.message, value)).join(" ") : value}`;
    })
    .join("\n");
}

function fits({ extendee }: DescExtension, { proto }: AnyDesc): boolean {
  return proto.options?.$typeName === extendee.typeName;
}

/** Whether two files are alike apart from what `describe` compares, and from positions and imports. */
function haveSameRest(one: FileDescriptorProto, other: FileDescriptorProto): boolean {
  const [left, right] = [toRest(one), toRest(other)];
  return left.length === right.length && left.every((byte, at) => right[at] === byte);
}

function toRest(file: FileDescriptorProto): Uint8Array {
  const copy = clone(FileDescriptorProtoSchema, file);
  clearField(copy, FileDescriptorProtoSchema.field.sourceCodeInfo);
  clearField(copy, FileDescriptorProtoSchema.field.dependency);
  clearField(copy, FileDescriptorProtoSchema.field.publicDependency);
  strip(copy);
  return toBinary(FileDescriptorProtoSchema, copy);
}

/** Removes options of Potter, and options that are then empty. */
function strip(value: unknown): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  const fields: [string, unknown][] = Object.entries(value);
  for (const [name, field] of fields) {
    if (name === "options") stripOptions(value as { options?: Options | undefined });
    else if (name !== "$unknown") strip(field);
  }
}

type Options = Message & { $unknown?: { readonly no: number }[] };

function stripOptions(element: { options?: Options | undefined }): void {
  const { options } = element;
  if (options === undefined) return;
  const numbers = new Set(
    extensions.flatMap(({ extendee, number }) => (extendee.typeName === options.$typeName ? [number] : [])),
  );
  options.$unknown = options.$unknown?.filter(({ no }) => !numbers.has(no)) ?? [];
  const isSet = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const isEmpty = !Object.entries(options).some(([name, value]) => name !== "$typeName" && isSet(value));
  if (isEmpty) element.options = undefined;
}
