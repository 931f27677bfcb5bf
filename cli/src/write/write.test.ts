import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTree, root } from "../project.fixture.js";
import { applyPlan, listForeign, manifestName, planFolder } from "./index.js";

type Files = Readonly<Record<string, string>>;

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "potter-write-"));
  folder = join(base, "gén files");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const toBytes = (files: Files): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
const write = (files: Files) => {
  const plan = planFolder(folder, toBytes(files));
  applyPlan(plan, "1.0.0");
  return plan;
};
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const tree = (): Files => readTree(folder);
const generated = (): Files => Object.fromEntries(Object.entries(tree()).filter(([name]) => name !== manifestName));

describe("writing generated files", () => {
  it("writes what is missing and what differs, and leaves the time of other files as it is", () => {
    write({ "a.ts": "1", "b/c.ts": "2" });
    const before = statSync(join(folder, "a.ts"), { bigint: true });
    const plan = write({ "a.ts": "1", "b/c.ts": "3" });
    expect([...plan.writes.keys()]).toEqual(["b/c.ts"]);
    expect(plan.unchanged).toBe(1);
    expect(statSync(join(folder, "a.ts"), { bigint: true })).toMatchObject({
      mtimeNs: before.mtimeNs,
      ino: before.ino,
    });
    expect(generated()).toEqual({ "a.ts": "1", "b/c.ts": "3" });
  });

  it("writes nothing at all if nothing changes", () => {
    write({ "a.ts": "1" });
    const before = statSync(join(folder, manifestName), { bigint: true }).mtimeNs;
    write({ "a.ts": "1" });
    expect(statSync(join(folder, manifestName), { bigint: true }).mtimeNs).toBe(before);
  });

  it("creates no folder for no files", () => {
    write({});
    expect(readTree(base)).toEqual({});
  });

  it("deletes its own stale files and the folders that become empty, and no file of others", () => {
    write({ "a.ts": "1", "b/c/d.ts": "2", "e/f.ts": "3" });
    put("e/own.ts", "mine");
    expect(write({ "a.ts": "1" }).deletes).toEqual(["b/c/d.ts", "e/f.ts"]);
    expect(generated()).toEqual({ "a.ts": "1", "e/own.ts": "mine" });
    expect(statSync(join(folder, "b"), { throwIfNoEntry: false })).toBeUndefined();
  });

  it("keeps a stale file that was changed by hand, and reports it each time", () => {
    write({ "a.ts": "1", "b.ts": "2" });
    put("b.ts", "2, and my notes");
    expect(write({ "a.ts": "1" }).kept).toEqual(["b.ts"]);
    expect(write({ "a.ts": "1" })).toMatchObject({ kept: ["b.ts"], deletes: [] });
    expect(generated()).toEqual({ "a.ts": "1", "b.ts": "2, and my notes" });
  });

  it("restores a generated file that was changed by hand, and reports it", () => {
    write({ "a.ts": "1" });
    put("a.ts", "changed");
    expect(write({ "a.ts": "1" }).restored).toEqual(["a.ts"]);
    expect(write({ "a.ts": "2" }).restored).toEqual([]);
    expect(generated()).toEqual({ "a.ts": "2" });
  });

  it("lists the files of others", () => {
    put("old_pb.ts", "of another generator");
    const plan = write({ "a.ts": "1" });
    expect(listForeign(plan, [folder])).toEqual(["old_pb.ts"]);
    expect(generated()).toEqual({ "a.ts": "1", "old_pb.ts": "of another generator" });
    put("docs/openapi.yaml", "of a plugin with another folder");
    expect(listForeign(plan, [folder])).toEqual(["old_pb.ts", "docs/openapi.yaml"]);
    expect(listForeign(plan, [folder, join(folder, "docs")])).toEqual(["old_pb.ts"]);
  });

  it("replaces a file by a folder, a folder by a file, and a name by one that differs in case", () => {
    write({ a: "1", "b/c": "2", "Order.ts": "3" });
    write({ "a/x": "1", b: "2", "order.ts": "3" });
    expect(generated()).toEqual({ "a/x": "1", b: "2", "order.ts": "3" });
  });

  it("has a manifest that depends on the files only", () => {
    write({ "a.ts": "1", "b.ts": "2" });
    const first = tree()[manifestName];
    rmSync(folder, { recursive: true });
    write({ "b.ts": "2" });
    write({ "b.ts": "2", "a.ts": "1" });
    expect(tree()[manifestName]).toBe(first);
  });

  it("treats all files as those of others if the manifest cannot be read", () => {
    write({ "a.ts": "1", "b.ts": "2" });
    put(manifestName, "{ half a man");
    expect(write({ "a.ts": "1" })).toMatchObject({ deletes: [], kept: [] });
    expect(generated()).toEqual({ "a.ts": "1", "b.ts": "2" });
  });

  it("limits stale files to those of the run", () => {
    write({ "a.ts": "1", "a.md": "2", "b.md": "3" });
    const plan = planFolder(folder, toBytes({ "a.md": "2" }), (name) => name.endsWith(".md"));
    applyPlan(plan, "1.0.0");
    expect(plan.deletes).toEqual(["b.md"]);
    expect(generated()).toEqual({ "a.ts": "1", "a.md": "2" });
    expect(write({ "a.md": "2" }).deletes).toEqual(["a.ts"]);
  });

  it("names the file that cannot be written, and a remedy", () => {
    mkdirSync(join(folder, "a.ts/own"), { recursive: true });
    expect(() => write({ "a.ts": "1" })).toThrow(`cannot write ${join(folder, "a.ts")}: a folder has this name`);
    put("b", "mine");
    expect(() => write({ "b/c.ts": "1" })).toThrow(/cannot write .*c\.ts: a part of its path is a file/);
    expect(tree()["b"]).toBe("mine");
  });

  it.skipIf(process.getuid?.() === 0)("names a folder that cannot be written", () => {
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    expect(() => write({ "a.ts": "1" })).toThrow(/permission denied: give your user write access/);
  });
});

/** A process that ends by SIGKILL at the n-th change of a file, which is a write, a rename or a removal. */
const script = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const [folder, files, left] = process.argv.slice(1);
let countdown = Number(left);
for (const name of ["writeFileSync", "renameSync", "rmSync", "rmdirSync"]) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (countdown-- === 0) {
      // A write that is interrupted leaves half of the bytes.
      if (name === "writeFileSync") original(args[0], args[1].slice(0, args[1].length / 2));
      process.kill(process.pid, "SIGKILL");
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
const { applyPlan, planFolder } = await import(${JSON.stringify(join(root, "cli/dist/write/index.js"))});
const entries = Object.entries(JSON.parse(files)).map(([name, text]) => [name, new TextEncoder().encode(text)]);
applyPlan(planFolder(folder, new Map(entries)), "1.0.0");
`;

describe("a run that is killed at any change of a file", () => {
  const before: Files = { "a.ts": "1 a", "old/b.ts": "1 b", "c.ts": "same", d: "1 d" };
  const during: Files = { "a.ts": "2 a", "new/e.ts": "2 e", "c.ts": "same", "d/f.ts": "2 f" };
  const after: Files = { "a.ts": "3 a", "c.ts": "same" };

  const kill = (files: Files, at: number): NodeJS.Signals | null => {
    const args = ["--input-type=module", "--eval", script, folder, JSON.stringify(files), String(at)];
    const { signal, status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (signal === null && status !== 0) throw new Error(stderr);
    return signal;
  };

  it("leaves whole files, and the next run mends all, with the same files or with others", () => {
    let kills = 0;
    for (let at = 0; ; at++) {
      rmSync(folder, { recursive: true, force: true });
      write(before);
      put("own.ts", "mine");
      const signal = kill(during, at);
      const allowed = new Set([...Object.values(before), ...Object.values(during), "mine"]);
      const texts = Object.entries(generated()).filter(([name]) => !name.endsWith(".potter-tmp"));
      expect(
        texts.filter(([, text]) => !allowed.has(text)),
        `change ${at}`,
      ).toEqual([]);
      write(at % 2 === 0 ? during : after);
      expect(generated(), `change ${at}`).toEqual({ ...(at % 2 === 0 ? during : after), "own.ts": "mine" });
      write(after);
      expect(tree(), `change ${at}`).toEqual({ ...after, "own.ts": "mine", [manifestName]: expect.any(String) });
      if (signal === null) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(10);
  });
});
