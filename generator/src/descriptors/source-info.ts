import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";

// Field numbers of descriptor.proto, of which the paths in SourceCodeInfo consist.
const inFile = { message: 4, enum: 5, service: 6, extension: 7 };
const inMessage = { field: 2, nested: 3, enum: 4, extension: 6, oneof: 8 };
const inService = { method: 2 };
const inEnum = { value: 2 };

const indexes = new WeakMap<DescFile, ReadonlyMap<string, SourceCodeInfo_Location>>();

/** Returns the span and comments of a path in a file. The index of a file is built on first use. */
export function readLocation(file: DescFile, path: readonly number[]): SourceCodeInfo_Location | undefined {
  let index = indexes.get(file);
  if (index === undefined) {
    index = new Map((file.proto.sourceCodeInfo?.location ?? []).map((location) => [location.path.join(), location]));
    indexes.set(file, index);
  }
  return index.get(path.join());
}

/**
 * Returns the span of a path, in the format of descriptor.proto. An option that is set part by part, as in `option (x).y = 1;`,
 * has spans for its parts only; the result then extends from the first part to the last.
 */
export function readExtent(file: DescFile, path: readonly number[]): readonly number[] | undefined {
  const whole = readLocation(file, path);
  if (whole !== undefined) return whole.span;
  const parts = (file.proto.sourceCodeInfo?.location ?? []).filter((part) =>
    path.every((no, at) => part.path[at] === no),
  );
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const [line = 0, column = 0] = first.span;
  return [line, column, last.span.length === 3 ? (last.span[0] ?? 0) : (last.span[2] ?? 0), last.span.at(-1) ?? 0];
}

/** Returns the path of an element in its file. */
export function pathOf(desc: AnyDesc): readonly number[] {
  switch (desc.kind) {
    case "file":
      return [];
    case "message":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.nested, desc.parent.proto.nestedType.indexOf(desc.proto)]
        : [inFile.message, desc.file.proto.messageType.indexOf(desc.proto)];
    case "enum":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.enum, desc.parent.proto.enumType.indexOf(desc.proto)]
        : [inFile.enum, desc.file.proto.enumType.indexOf(desc.proto)];
    case "extension":
      return desc.parent
        ? [...pathOf(desc.parent), inMessage.extension, desc.parent.proto.extension.indexOf(desc.proto)]
        : [inFile.extension, desc.file.proto.extension.indexOf(desc.proto)];
    case "service":
      return [inFile.service, desc.file.proto.service.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), inService.method, desc.parent.proto.method.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), inMessage.field, desc.parent.proto.field.indexOf(desc.proto)];
    case "oneof":
      return [...pathOf(desc.parent), inMessage.oneof, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
    case "enum_value":
      return [...pathOf(desc.parent), inEnum.value, desc.parent.proto.value.indexOf(desc.proto)];
  }
}

/** Returns the file of an element. */
export function fileOf(desc: AnyDesc): DescFile {
  switch (desc.kind) {
    case "file":
      return desc;
    case "rpc":
    case "field":
    case "oneof":
    case "enum_value":
      return desc.parent.file;
    default:
      return desc.file;
  }
}
