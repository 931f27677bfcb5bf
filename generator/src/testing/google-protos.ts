import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buf, root } from "./compile-proto.js";

const source = "node_modules/google-proto-files";
const cache = join(root, "node_modules/.cache/potter/google-protos");

/** The compiled folders: all of google/ except protobuf, which contains conflicting tests of protoc. */
const workspace = {
  version: "v2",
  modules: [
    {
      path: source,
      includes: [`${source}/google`, `${source}/grafeas`],
      excludes: [`${source}/google/protobuf`],
    },
  ],
};

/**
 * The folders of the npm package google-proto-files in groups, so that no test holds all of its files at once: Google Ads,
 * and all the rest. The versions of Google Ads differ little: POTTER_FULL=true includes all of them, otherwise only
 * the newest one.
 */
export function groupGoogleProtos(): ReadonlyMap<string, readonly string[]> {
  const list = (folder: string): string[] => readdirSync(join(root, source, folder)).map((name) => `${folder}/${name}`);
  const versions = list("google/ads/googleads").sort();
  const ads = process.env["POTTER_FULL"] === "true" ? versions : versions.slice(-1);
  const rest = [
    ...list("google").filter((folder) => folder !== "google/ads" && folder !== "google/protobuf"),
    ...list("google/ads").filter((folder) => folder !== "google/ads/googleads"),
  ];
  return new Map([...ads.map((folder): [string, string[]] => [folder, [folder]]), ["all others", rest]]);
}

/** The request for the protos of some of its folders. Each set of folders is compiled once and cached. */
export function requestGoogleProtos(folders: readonly string[]): CodeGeneratorRequest {
  const path = join(cache, `${digest(folders)}.binpb`);
  if (!existsSync(path)) compile(folders, path);
  const { file: protoFile } = fromBinary(FileDescriptorSetSchema, readFileSync(path));
  const names = protoFile.map(({ name }) => name);
  const fileToGenerate = names.filter((name) => folders.some((folder) => name.startsWith(`${folder}/`)));
  return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
}

function digest(folders: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify([workspace, folders]));
  for (const name of ["@bufbuild/buf", "google-proto-files"])
    hash.update(readFileSync(join(root, "node_modules", name, "package.json")));
  return hash.digest("hex");
}

function compile(folders: readonly string[], path: string): void {
  mkdirSync(cache, { recursive: true });
  const out = mkdtempSync(join(cache, "image-"));
  try {
    const file = join(out, "image.binpb");
    const paths = folders.flatMap((folder) => ["--path", `${source}/${folder}`]);
    const args = [
      "build",
      ".",
      "--config",
      JSON.stringify(workspace),
      "--as-file-descriptor-set",
      "-o",
      file,
      ...paths,
    ];
    const { status, stderr } = spawnSync(buf, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`buf cannot compile google-proto-files:\n${stderr}`);
    // Another worker may compile the same folders: the last one replaces an equal file.
    renameSync(file, path);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
