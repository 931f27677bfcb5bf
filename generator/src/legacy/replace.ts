import {
  type AnyDesc,
  clone,
  create,
  type DescExtension,
  getExtension,
  hasExtension,
  type Message,
  mergeFromBinary,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileOptionsSchema,
  type SourceCodeInfo_Location,
  SourceCodeInfo_LocationSchema,
} from "@bufbuild/protobuf/wkt";
import { fileOf, pathOf, relink, type Source } from "../descriptors/index.js";
import type { Diagnostics } from "../diagnostics/index.js";
import { type OptionFields, toOptionMessage } from "./print-option.js";
import { findReplacements, type Replacement, type Target } from "./replacement.js";
import { reportLegacy } from "./report.js";
import { legacyOptions } from "./uses.js";

/**
 * Replaces options of Go Potter by those of potter.v1, in the descriptors and at the same places: whatever reads the contract afterwards
 * sees only these. Reports each. A contract without such options is returned as it is.
 */
export function replaceLegacyOptions(source: Source, diagnostics: Diagnostics): Source {
  const replacements = findReplacements(source);
  if (replacements.length === 0) return source;
  for (const replacement of replacements) reportLegacy(replacement, diagnostics);
  const files = [...source.registry.files].map((file) => {
    const own = replacements.filter(({ translation }) => fileOf(translation.use.desc) === file);
    return own.length === 0 ? file.proto : replaceInFile(file.proto, own);
  });
  return relink(source, files);
}

function replaceInFile(file: FileDescriptorProto, replacements: readonly Replacement[]): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, file);
  for (const { translation, targets } of replacements) {
    const { use, deprecated } = translation;
    const { number } = legacyOptions[use.option];
    const options = optionsAt(copy, use.desc);
    options.$unknown = options.$unknown?.filter(({ no }) => no !== number) ?? [];
    if (deprecated && "deprecated" in options) options.deprecated = true;
    for (const target of targets) {
      if (Object.keys(target.missing).length > 0 || !target.exists) {
        addFields(optionsAt(copy, target.desc), target.extension, target.missing);
      }
    }
    moveLocations(copy, [...pathOf(use.desc), optionsField[use.desc.kind]], number, targets);
  }
  return copy;
}

type Options = Message & { $unknown?: { readonly no: number }[] | undefined };

/** The field `options` of each kind of descriptor. */
const optionsField = { service: 3, rpc: 4, message: 7 } as const;
const fileOptionsField = 8;

/** Returns the options of a file, or of an element that has some, in a copy of its file. */
function optionsAt(file: FileDescriptorProto, desc: AnyDesc): Options {
  const path = pathOf(desc);
  const at = (level: number): number => path[level] ?? 0;
  if (desc.kind === "file") {
    file.options ??= create(FileOptionsSchema);
    return file.options;
  }
  if (desc.kind === "service") return existing(file.service[at(1)]?.options);
  if (desc.kind === "rpc") return existing(file.service[at(1)]?.method[at(3)]?.options);
  let message = file.messageType[at(1)];
  for (let level = 3; level < path.length; level += 2) message = message?.nestedType[at(level)];
  return existing(message?.options);
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a path of a descriptor leads nowhere");
  return value;
}

function addFields(options: Options, extension: DescExtension, fields: OptionFields): void {
  const { message, desc } = toOptionMessage(extension, fields);
  const added = toBinary(desc, message);
  const before = hasExtension(options as never, extension as never);
  const value = before ? (getExtension(options as never, extension as never) as Message) : create(desc);
  setExtension(options as never, extension as never, mergeFromBinary(desc, value, added) as never);
}

/** Diagnostics about an option of potter.v1 show the option of Go Potter that it comes from. */
function moveLocations(
  { sourceCodeInfo }: FileDescriptorProto,
  options: readonly number[],
  legacy: number,
  targets: readonly Target[],
): void {
  if (sourceCodeInfo === undefined) return;
  const isLegacy = ({ path }: SourceCodeInfo_Location): boolean =>
    path[options.length] === legacy && options.every((no, at) => path[at] === no);
  const paths = targets
    .filter(({ exists }) => !exists)
    .map(({ desc, extension }) => [...(desc.kind === "file" ? [fileOptionsField] : options), extension.number]);
  sourceCodeInfo.location = sourceCodeInfo.location.flatMap((location) => {
    if (!isLegacy(location)) return [location];
    return paths.map((path) => create(SourceCodeInfo_LocationSchema, { path, span: location.span }));
  });
}
