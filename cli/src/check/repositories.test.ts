// `potter check` in repositories that hold more than the project, and under programs that run it.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkbench, type Workbench } from "../init/init.fixture.js";
import { potterBin } from "../project.fixture.js";

const orders = `syntax = "proto3";
package shop;
import "potter/v1/options.proto";
message Order {
  option (potter.v1.aggregate) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Placed {
  option (potter.v1.event) = {type: "order.placed" aggregate: "Order"};
  string order_id = 1;
}
`;
const renamed: string = orders.replace('"order.placed"', '"order.taken"');
const config = "version: v2\nmodules:\n  - path: proto\n  - path: node_modules/@potter/generator/proto\n";

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench();
});
afterEach(() => bench.delete());

function git(...args: readonly string[]): void {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: bench.folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function commitAll(): void {
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
}

function check(folder: string, env: NodeJS.ProcessEnv = {}, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [potterBin, "check", "--only", "breaking", "--against", "HEAD", ...args],
    { cwd: join(bench.folder, folder), encoding: "utf8", env: { ...process.env, ...env } },
  );
  return { status, text: stdout + stderr };
}

describe("potter check of a project below the root of its repository", () => {
  it("compares its own folder, also if git sets the variables of hooks", () => {
    bench.write(".gitignore", "node_modules\n");
    bench.write("services/zürich a/buf.yaml", config);
    bench.write("services/zürich a/proto/shop/orders.proto", orders);
    bench.write("proto/shop/orders.proto", "not for this project");
    bench.linkPackages("services/zürich a");
    commitAll();
    bench.write("services/zürich a/proto/shop/orders.proto", renamed);
    const expected = {
      status: 1,
      text: expect.stringMatching(/^proto\/shop\/orders\.proto:8:9 \(base\): breaking event-removed/) as string,
    };
    expect(check("services/zürich a")).toEqual(expected);
    expect(check("services/zürich a", { GIT_DIR: join(bench.folder, ".git") })).toEqual(expected);
    expect(check("services/zürich a", { GIT_DIR: ".git", GIT_WORK_TREE: ".", GIT_INDEX_FILE: "none" })).toEqual(
      expected,
    );
  });

  it("compares a contract that is in a workspace above or beside its folder, with places from its folder", () => {
    bench.linkPackages("");
    mkdirSync(join(bench.folder, "services/a"), { recursive: true });
    bench.write(".gitignore", "node_modules\n");
    bench.write("services/a/README.md", "A service.");
    bench.write("buf.yaml", config);
    bench.write("proto/shop/orders.proto", orders);
    commitAll();
    expect(check("services/a", {}, "../../proto")).toEqual({
      status: 0,
      text: expect.stringMatching(/: no change\n$/) as string,
    });
    bench.write("proto/shop/orders.proto", renamed);
    const { status, text } = check("services/a", {}, "../../proto");
    expect([status, text]).toEqual([
      1,
      expect.stringMatching(/^\.\.\/\.\.\/proto\/shop\/orders\.proto:8:9 \(base\): breaking event-removed/),
    ]);
    expect(text).toContain("../../proto/shop/orders.proto:8:9: compatible event-added");
  });
});

it("says that git is missing, or why it refuses to read the repository", () => {
  bench.linkPackages("");
  bench.write("buf.yaml", config);
  bench.write("proto/shop/orders.proto", orders);
  const path = (folder: string) => ({ PATH: [dirname(process.execPath), join(bench.folder, folder)].join(":") });
  mkdirSync(join(bench.folder, "none"));
  const missing = spawnSync("git", ["--version"], { env: path("none") }).error;
  // Where node and git are in one folder, git cannot be hidden.
  if (missing !== undefined) {
    expect(check(".", path("none"))).toEqual({
      status: 3,
      text: "potter: --against HEAD: there is no such file or folder, and git cannot be started: it is not installed\n",
    });
  }
  bench.write("fake/git", "#!/bin/sh\necho 'fatal: detected dubious ownership in repository' >&2\nexit 128\n");
  chmodSync(join(bench.folder, "fake/git"), 0o755);
  const fake = { PATH: [join(bench.folder, "fake"), process.env["PATH"] ?? ""].join(":") };
  expect(check(".", fake)).toEqual({
    status: 3,
    text:
      "potter: --against HEAD: there is no such file or folder, and " +
      "git says: fatal: detected dubious ownership in repository\n",
  });
});
