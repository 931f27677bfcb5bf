import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** Proto sources by their import paths. */
export type ProtoFiles = Readonly<Record<string, string>>;

export const root: string = join(dirname(fileURLToPath(import.meta.url)), "../../..");
/** The compiler. Its own launcher starts a process of Node first, which takes longer than the compilation of a small file. */
export const buf: string = [
  join(root, `node_modules/@bufbuild/buf-${process.platform}-${process.arch}/bin/buf`),
  join(root, "node_modules/.bin/buf"),
].find((path) => existsSync(path)) as string;

/** The files that contracts import: Potter's annotations, google/api, buf/validate. */
const library = join(root, "generator/proto");
const cache = join(tmpdir(), "potter-compiled-protos");

/**
 * Compiles proto sources as buf does for a plugin: each file after its imports, with comments and source info. All sources are
 * files to generate. The result is cached by content.
 */
export function compileProto(files: ProtoFiles, parameter = ""): CodeGeneratorRequest {
  const path = join(cache, `${digest(files)}.binpb`);
  if (!existsSync(path)) compile(files, path);
  const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(path));
  return create(CodeGeneratorRequestSchema, { fileToGenerate: Object.keys(files).sort(), parameter, protoFile: file });
}

function compile(files: ProtoFiles, path: string): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "potter-proto-"));
  try {
    symlinkSync(library, join(folder, "library"), "dir");
    writeFileSync(join(folder, "buf.yaml"), "version: v2\nmodules:\n  - path: input\n  - path: library\n");
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "input", name)), { recursive: true });
      writeFileSync(join(folder, "input", name), text);
    }
    const only = Object.keys(files).flatMap((name) => ["--path", join("input", name)]);
    const args = ["build", "--as-file-descriptor-set", "-o", "out.binpb", ...only];
    const { status, stderr, error } = spawnSync(buf, args, { cwd: folder, encoding: "utf8" });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`buf cannot compile the protos of a test:\n${stderr}`);
    // Concurrent workers may compile the same sources; they write the same content.
    renameSync(join(folder, "out.binpb"), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function digest(files: ProtoFiles): string {
  const hash = createHash("sha256");
  const add = (name: string, text: string): void => {
    hash.update(`${name}\0${text.length}\0${text}`);
  };
  add("library", libraryDigest());
  for (const name of Object.keys(files).sort()) add(name, files[name] ?? "");
  return hash.digest("hex");
}

let known: string | undefined;

/** The cache key includes the annotations and the version of the compiler. */
function libraryDigest(): string {
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(readFileSync(join(root, "node_modules/@bufbuild/buf/package.json")));
  const paths = readdirSync(library, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".proto"));
  for (const path of paths.sort()) hash.update(path).update(readFileSync(join(library, path)));
  known = hash.digest("hex");
  return known;
}
