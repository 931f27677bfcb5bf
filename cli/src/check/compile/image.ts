import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { runBuf } from "../../buf/index.js";
import { CliError } from "../../cli-error.js";
import { explainBuf } from "../../contract/index.js";
import { createTemporaryFolder } from "../../temporary-folder.js";

/**
 * Compiles an input of buf to an image, by the buf of a project. `what` names the contract in errors. Throws a CliError with the
 * messages of buf.
 */
export async function buildImage(input: string, project: string, what: string): Promise<Uint8Array> {
  const temporary = createTemporaryFolder("image");
  try {
    const out = join(temporary, "image.binpb");
    const { status, stderr } = await runBuf(["build", input, "-o", out], project);
    if (status !== 0) throw new CliError(`buf cannot compile ${what}:\n${explainBuf(stderr, project)}`);
    return readFileSync(out);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Turns an image into the request that a plugin would receive: the files to generate are those that are no imports. */
export function toRequest(image: Uint8Array, what: string): CodeGeneratorRequest {
  const { file: protoFile } = fromBinary(FileDescriptorSetSchema, image);
  const fileToGenerate = protoFile.filter((file) => !isImport(file)).map(({ name }) => name);
  if (fileToGenerate.length === 0) throw new CliError(`${what} contains no proto file`);
  return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
}

/** The extension of buf's images in FileDescriptorProto, and its field that marks imports. */
const extension = { file: 8042, isImport: 1 };

function isImport({ $unknown = [] }: FileDescriptorProto): boolean {
  return $unknown.some(({ no, data }) => no === extension.file && readMark(new BinaryReader(data).bytes()));
}

function readMark(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let marked = false;
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (no === extension.isImport) marked = reader.bool();
    else reader.skip(type);
  }
  return marked;
}
