import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { root } from "./compile-proto.js";

const source = "node_modules/google-proto-files";

/** What buf compiles: all of google/ but protobuf, which holds protoc's own tests, among them some that clash. */
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
 * The folders of the npm package google-proto-files in groups, so that nobody has to hold all of its files at once:
 * each version of Google Ads by itself, and all the rest.
 */
export function groupGoogleProtos(): ReadonlyMap<string, readonly string[]> {
  const list = (folder: string): string[] => readdirSync(join(root, source, folder)).map((name) => `${folder}/${name}`);
  const ads = list("google/ads/googleads");
  const rest = [
    ...list("google").filter((folder) => folder !== "google/ads" && folder !== "google/protobuf"),
    ...list("google/ads").filter((folder) => folder !== "google/ads/googleads"),
  ];
  return new Map([...ads.map((folder): [string, string[]] => [folder, [folder]]), ["all others", rest]]);
}

/** The request for the protos of some of its folders. */
export function requestGoogleProtos(folders: readonly string[]): CodeGeneratorRequest {
  const out = mkdtempSync(join(tmpdir(), "potter-google-"));
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
    const { status, stderr } = spawnSync(join(root, "node_modules/.bin/buf"), args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`buf cannot compile google-proto-files:\n${stderr}`);
    const { file: protoFile } = fromBinary(FileDescriptorSetSchema, readFileSync(file));
    const names = protoFile.map(({ name }) => name);
    const fileToGenerate = names.filter((name) => folders.some((folder) => name.startsWith(`${folder}/`)));
    return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
