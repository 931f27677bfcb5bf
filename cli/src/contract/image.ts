import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A compiled proto file. Its descriptor stays encoded: most files are only passed to plugins. */
export interface ContractFile {
  /** Its path, as imports name it. */
  readonly name: string;
  /** An encoded google.protobuf.FileDescriptorProto. */
  readonly descriptor: Uint8Array;
  /** The names of the files that it imports. */
  readonly dependencies: readonly string[];
  /** Whether it is only imported by the files of the input. */
  readonly isImport: boolean;
  /** A google.protobuf.Edition; undefined for proto2 and proto3. */
  readonly edition: number | undefined;
}

/** Fields of FileDescriptorProto. */
const nameField = 1;
const dependencyField = 3;
const editionField = 14;
/** The field in which an image of buf says what FileDescriptorProto cannot, such as `is_import`. */
const bufField = 8042;
const isImportField = 1;

/** Reads an image, which `buf build -o -` writes: a FileDescriptorSet whose files say whether they are imports. */
export function readImage(image: Uint8Array): readonly ContractFile[] {
  const reader = new BinaryReader(image);
  const files: ContractFile[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) files.push(readFile(reader.bytes()));
    else reader.skip(type, field);
  }
  return files;
}

function readFile(bytes: Uint8Array): ContractFile {
  const reader = new BinaryReader(bytes);
  const kept = new BinaryWriter();
  const dependencies: string[] = [];
  let name = "";
  let isImport = false;
  let edition: number | undefined;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    const value = reader.pos;
    reader.skip(type, field);
    if (field === bufField) {
      isImport = readIsImport(new BinaryReader(bytes.subarray(value, reader.pos)).bytes());
      continue;
    }
    kept.raw(bytes.subarray(start, reader.pos));
    if (field === nameField) name = readString(bytes, value);
    else if (field === dependencyField) dependencies.push(readString(bytes, value));
    else if (field === editionField) edition = new BinaryReader(bytes.subarray(value)).int32();
  }
  return { name, descriptor: kept.finish(), dependencies, isImport, edition };
}

function readString(bytes: Uint8Array, at: number): string {
  return new BinaryReader(bytes.subarray(at)).string();
}

function readIsImport(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let isImport = false;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === isImportField) isImport = reader.bool();
    else reader.skip(type, field);
  }
  return isImport;
}
