import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explainWatchError } from "../../watch-error.js";
import {
  createGitLock,
  createSelection,
  listDifferences,
  listRoots,
  readWatched,
  SnapshotReader,
  type Watched,
} from "./index.js";

let base: string;
let folder: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "potter-watch-")));
  folder = join(base, "mein projekt");
  mkdirSync(folder);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const write = (path: string, text = "x"): string => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const choice = { template: "buf.gen.yaml", sources: false, ignored: [] };
const relative = (paths: readonly string[]): readonly string[] => paths.map((path) => path.replace(`${base}/`, ""));

const templateOf = (inputs: string, opt = ""): string =>
  `version: v2\nplugins:\n  - local: protoc-gen-potter-openapi\n    out: gen\n${opt}${inputs}`;

describe("what is watched", () => {
  it("is the configuration, the inputs, and all modules that they may import, also outside of the project", () => {
    write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: ../shared/proto\n");
    write("buf.gen.yaml", templateOf("inputs:\n  - directory: proto\n"));
    const watched = readWatched(folder, choice);
    expect(relative(watched.protoFolders)).toEqual(["mein projekt/proto", "shared/proto"]);
    expect(relative(watched.files)).toEqual([
      "mein projekt/buf.gen.yaml",
      "mein projekt/buf.lock",
      "mein projekt/buf.yaml",
      "mein projekt/proto/buf.lock",
      "mein projekt/proto/buf.yaml",
      "shared/proto/buf.lock",
      "shared/proto/buf.yaml",
    ]);
    expect(relative(listRoots(watched))).toEqual([base]);
  });

  it("is the folder of the project if the template names no inputs", () => {
    write("buf.gen.yaml", templateOf(""));
    expect(relative(readWatched(folder, choice).protoFolders)).toEqual(["mein projekt"]);
  });

  it("includes the workspace of an input that is a file, and of buf.work.yaml", () => {
    write("apis/buf.work.yaml", "version: v1\ndirectories: [a, b]\n");
    write("apis/a/buf.yaml", "version: v1\n");
    const proto = write("apis/a/v1/a.proto");
    write("buf.gen.yaml", templateOf("inputs:\n  - proto_file: apis/a/v1/a.proto\n"));
    const { files, protoFolders } = readWatched(folder, choice);
    expect(files).toContain(proto);
    expect(relative(protoFolders)).toEqual(["mein projekt/apis/a", "mein projekt/apis/b"]);
  });

  it("includes files that options and commands of plugins name, whether they are there or not", () => {
    write("plugin.mjs");
    write("rules.json");
    write(
      "buf.gen.yaml",
      `${templateOf("", "    opt: [base=docs/base.yaml]\n")}  - local: [node, plugin.mjs]\n    out: other\n    opt: [rules=rules.json, level=3]\n`,
    );
    const files = relative(readWatched(folder, choice).files);
    expect(files).toEqual(
      expect.arrayContaining(["mein projekt/docs/base.yaml", "mein projekt/plugin.mjs", "mein projekt/rules.json"]),
    );
    expect(files).not.toContain("mein projekt/3");
  });

  it("throws for a template that cannot be used", () => {
    write("buf.gen.yaml", "version: v1\n");
    expect(() => readWatched(folder, choice)).toThrow("version v1 is too old");
  });
});

describe("a selection", () => {
  const isFile = { isFile: () => true };
  const isFolder = { isFile: () => false };

  it("takes proto files and code, and no packages, hidden folders and results of other tools", () => {
    const watched: Watched = {
      files: ["/a/buf.yaml", "/b/base.yaml"],
      protoFolders: ["/a/node_modules/x/proto", "/a/proto"],
      sourceFolder: "/a",
      ignored: ["/a/tmp"],
    };
    const select = createSelection(watched);
    const files = [
      ...[
        "/a/proto/v1/a.proto",
        "/a/proto/.git/a.proto",
        "/a/proto/a.md",
        "/a/src/a.ts",
        "/a/src/a.md",
        "/a/dist/a.js",
      ],
      ...["/a/tmp/a.ts", "/a/tmp2/a.ts", "/a/node_modules/x/proto/a.proto", "/a/node_modules/y/a.ts", "/a/buf.yaml"],
      ...["/b/base.yaml", "/b/other.yaml"],
    ];
    expect(files.filter((path) => select(path, isFile))).toEqual([
      "/a/proto/v1/a.proto",
      "/a/src/a.ts",
      "/a/tmp2/a.ts",
      "/a/node_modules/x/proto/a.proto",
      "/a/buf.yaml",
      "/b/base.yaml",
    ]);
    const folders = [
      "/a/node_modules",
      "/a/node_modules/y",
      "/a/node_modules/x",
      "/a/.git",
      "/a/src",
      "/a/dist",
      "/b",
      "/c",
    ];
    expect(folders.filter((path) => select(path, isFolder))).toEqual([
      "/a/node_modules",
      "/a/node_modules/x",
      "/a/src",
      "/b",
    ]);
    expect(listRoots(watched)).toEqual(["/"]);
  });

  it("takes no code if there is no command", () => {
    const select = createSelection({ files: [], protoFolders: ["/a/proto"], sourceFolder: undefined, ignored: [] });
    expect(select("/a/src/a.ts", isFile)).toBe(false);
    expect(select("/a/src", isFolder)).toBe(false);
  });
});

describe("a snapshot", () => {
  const read = (reader: SnapshotReader): ReadonlyMap<string, string> =>
    reader.readContract({
      files: [join(folder, "buf.yaml")],
      protoFolders: [folder],
      sourceFolder: undefined,
      ignored: [],
    });

  it("shows what was changed, added and deleted, and nothing for a file that was touched or replaced by the same bytes", () => {
    const reader = new SnapshotReader();
    const [a, b, config] = [write("a.proto"), write("v1/b.proto"), write("buf.yaml")];
    write("readme.md");
    write("node_modules/c.proto");
    const before = read(reader);
    expect([...before.keys()].sort()).toEqual([a, b, config].sort());
    utimesSync(a, new Date(), new Date());
    writeFileSync(`${b}.tmp`, "x");
    renameSync(`${b}.tmp`, b);
    expect(listDifferences(before, read(reader))).toEqual([]);
    writeFileSync(a, "y");
    rmSync(config);
    const c = write("c.proto");
    expect(listDifferences(before, read(reader))).toEqual([a, config, c].sort());
  });

  it("reads a file again that was changed within the resolution of its times", () => {
    const reader = new SnapshotReader();
    const a = write("a.proto", "one");
    const before = read(reader);
    const now = new Date();
    writeFileSync(a, "two");
    utimesSync(a, now, now);
    expect(listDifferences(before, read(reader))).toEqual([a]);
  });

  it("follows links to folders once, though they lead in circles", () => {
    const a = write("v1/a.proto");
    symlinkSync(folder, join(folder, "v1/up"), "dir");
    mkdirSync(join(base, "shared"));
    writeFileSync(join(base, "shared/s.proto"), "x");
    symlinkSync(join(base, "shared"), join(folder, "shared"), "dir");
    expect([...read(new SnapshotReader()).keys()].sort()).toEqual([join(folder, "shared/s.proto"), a]);
  });

  it("of code has no generated files", () => {
    const watched: Watched = { files: [], protoFolders: [], sourceFolder: folder, ignored: [join(folder, "tmp")] };
    const code = write("src/a.ts");
    const generated = write("gen/a_pb.ts");
    for (const path of ["tmp/a.ts", "dist/a.js", "src/a.md", ".cache/a.ts"]) write(path);
    expect([...new SnapshotReader().readSources(watched, new Set([generated])).keys()]).toEqual([code]);
  });
});

describe("git", () => {
  it("is busy while its index has a lock, also in a second work tree", () => {
    write("repo/.git/index.lock");
    write("repo/sub/a.proto");
    expect(createGitLock(join(folder, "repo/sub"))()).toBe(true);
    rmSync(join(folder, "repo/.git/index.lock"));
    expect(createGitLock(join(folder, "repo/sub"))()).toBe(false);
    write("tree/.git", `gitdir: ${join(folder, "repo/.git/worktrees/tree")}\n`);
    const isBusy = createGitLock(join(folder, "tree"));
    expect(isBusy()).toBe(false);
    write("repo/.git/worktrees/tree/index.lock");
    expect(isBusy()).toBe(true);
  });
});

describe("an error of the file system", () => {
  it.each([
    ["ENOSPC", /fs\.inotify\.max_user_watches.*potter watch --poll/],
    ["EMFILE", /max_user_instances.*potter watch --poll/],
    ["EACCES", /^cannot watch the files of the project: EACCES: \/a; potter watch --poll may help$/],
  ])("%s has a remedy", (code, message) => {
    expect(explainWatchError(Object.assign(new Error(`${code}: /a`), { code })).message).toMatch(message);
  });
});
