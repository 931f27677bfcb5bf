import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";

// Numbers of fields in descriptor.proto, as the paths of SourceCodeInfo name them.
const inFile = { message: 4, enum: 5, service: 6, extension: 7 };
const inMessage = { field: 2, nested: 3, enum: 4, extension: 6, oneof: 8 };
const inService = { method: 2 };
const inEnum = { value: 2 };

const indexes = new WeakMap<DescFile, ReadonlyMap<string, SourceCodeInfo_Location>>();

/** What the compiler noted of a path in a file: its span and comments. Indexed once for each file, on first use. */
export function readLocation(file: DescFile, path: readonly number[]): SourceCodeInfo_Location | undefined {
  let index = indexes.get(file);
  if (index === undefined) {
    index = new Map((file.proto.sourceCodeInfo?.location ?? []).map((location) => [location.path.join(), location]));
    indexes.set(file, index);
  }
  return index.get(path.join());
}

/** The path of an element in its file. */
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

/** The file of an element. */
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
