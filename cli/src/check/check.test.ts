// `potter check` as users run it: in repositories of git, with every kind of base, report and acceptance.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { root } from "../../../generator/src/testing/index.js";
import { main } from "../main.js";

const orders = `syntax = "proto3";
package shop;
import "google/api/annotations.proto";
import "potter/v1/options.proto";

service Orders {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc Place(PlaceRequest) returns (PlaceResponse) {
    option (potter.v1.command) = {emits: "Placed"};
    option (google.api.http) = {post: "/v1/orders" body: "*"};
  }
}
message Order {
  option (potter.v1.aggregate) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Placed {
  option (potter.v1.event) = {type: "order.placed"};
  string order_id = 1;
}
message PlaceRequest { string order_id = 1; }
message PlaceResponse { string order_id = 1; }
`;
const renamed: string = orders.replace('"order.placed"', '"order.taken"');
const config = "version: v2\nmodules:\n  - path: proto\n  - path: node_modules/@potter/generator/proto\n";
const accept = (code: string, element: string, expires: string) =>
  `  - code: ${code}\n    element: ${element}\n    reason: no store has such events\n    expires: ${expires}\n`;

let folder: string;
let out: string[];
let errors: string[];

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

function git(...args: readonly string[]): void {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** Runs `potter check`, and returns its exit code and what it has printed. */
async function check(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  out.length = 0;
  errors.length = 0;
  const code = await main(["check", ...args], folder);
  return { code, text: [...out, ...errors].join("\n") };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "potter check é "));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  write(".gitignore", "node_modules\ngen\n");
  write("buf.yaml", config);
  write("buf.gen.yaml", "version: v2\nplugins:\n  - local: protoc-gen-potter-cqrs\n    out: gen\n");
  write("proto/shop/orders.proto", orders);
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  for (const name of ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GITHUB_STEP_SUMMARY"]) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function commit(message: string): void {
  git("add", "-A");
  git("commit", "-qm", message);
}

describe("potter check in a repository", () => {
  beforeEach(() => {
    git("init", "-q");
    commit("one");
  });

  it("compares with the commit at which the branch has parted, and shows each change with its line", async () => {
    git("checkout", "-qb", "feature");
    write("proto/shop/orders.proto", renamed);
    commit("two");
    const { code, text } = await check();
    expect(code).toBe(1);
    expect(text.replaceAll(/[0-9a-f]{12}/g, "COMMIT").split("\n")).toEqual([
      "proto/shop/orders.proto:17:9 (base): breaking event-removed: the contract no longer has the event order.placed version 1",
      "    message Placed {",
      "            ^^^^^^",
      "  element: order.placed version 1",
      "  effect: commands on streams that contain it, projections and reactions fail with data_loss",
      "  remedy: keep the message, with superseded_by if a newer one replaces it; if shop.Placed was only renamed, " +
        'set (potter.v1.event).type to "order.placed"',
      "proto/shop/orders.proto:9:43: dangerous command-emits-added: shop.Orders.Place can record order.taken version 1",
      '    option (potter.v1.command) = {emits: "Placed"};',
      "                                          ^^^^^^",
      "  element: shop.Orders.Place: order.taken",
      "  effect: while a deployment runs, old processes fail with data_loss on streams that have an event unknown to them",
      "  remedy: first release the code that reads the event, later the code that writes it",
      "proto/shop/orders.proto:8:7: dangerous command-emits-removed: shop.Orders.Place no longer records order.placed version 1",
      "    rpc Place(PlaceRequest) returns (PlaceResponse) {",
      "        ^^^^^",
      "  element: shop.Orders.Place: order.placed",
      "  effect: read models, sagas and subscribers that wait for the event do not see it for this command",
      "  remedy: check who reads the event, and keep recording it as long as somebody does",
      "proto/shop/orders.proto:17:9: compatible event-added: the event order.taken version 1 is new",
      "compared with the merge base with main (COMMIT): 1 breaking, 2 dangerous, 1 compatible",
    ]);
  });

  it("compares the working tree, also without a commit", async () => {
    write("proto/shop/orders.proto", renamed);
    expect(await check()).toMatchObject({ code: 1 });
    write("proto/shop/orders.proto", orders.replace("message Order {", "// An order.\nmessage Order {"));
    const { code, text } = await check();
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/^compared with the merge base with main \(.*\): no change$/),
    ]);
  });

  it("does not take a missing base for an unchanged contract", async () => {
    expect(await check()).toEqual({
      code: 3,
      text: expect.stringContaining("HEAD has not parted from main") as string,
    });
    expect(await check("--against", "release/9")).toEqual({
      code: 3,
      text: "potter: --against release/9: git knows no such revision, and there is no such file. If it is on a remote: git fetch release 9",
    });
    git("branch", "-m", "trunk");
    write("proto/shop/orders.proto", renamed);
    expect(await check()).toEqual({
      code: 3,
      text: "potter: nothing to compare with: git knows no default branch. Pass --against with a revision, such as the tag of the last release",
    });
    vi.stubEnv("GITHUB_BASE_REF", "main");
    expect((await check()).text).toContain("git knows no origin/main");
  });

  it("names the fetch that a shallow clone lacks", async () => {
    write("proto/shop/orders.proto", renamed);
    commit("two");
    const source = folder;
    folder = mkdtempSync(join(tmpdir(), "potter-shallow-"));
    try {
      git("clone", "-q", "--depth", "1", `file://${source}`, ".");
      expect(await check("--against", "HEAD~1")).toEqual({
        code: 3,
        text: expect.stringMatching(/The clone is shallow: git fetch --unshallow$/) as string,
      });
      expect((await check("--against", "v1.0")).text).toMatch(
        /The clone is shallow: git fetch origin v1\.0 --unshallow$/,
      );
      git("checkout", "-q", "--orphan", "other");
      git("commit", "-qm", "three");
      expect((await check()).text).toMatch(/have no common commit\. The clone is shallow: .* fetch-depth: 0/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      folder = source;
    }
  });

  it("reports a contract that cannot be compiled or has errors, on either side", async () => {
    write("proto/shop/orders.proto", "syntax = ;");
    expect(await check()).toEqual({
      code: 3,
      text: expect.stringMatching(
        /^potter: buf cannot compile the contract:\nproto\/shop\/orders\.proto:1:10/,
      ) as string,
    });
    write("proto/shop/orders.proto", orders.replace('emits: "Placed"', 'emits: "Plced"'));
    expect(await check()).toEqual({
      code: 3,
      text: expect.stringMatching(
        /the contract has errors:\nproto\/shop\/orders\.proto:9:42: error unknown-reference/,
      ) as string,
    });
    commit("broken");
    write("proto/shop/orders.proto", orders);
    const { code, text } = await check("--against", "HEAD");
    expect([code, text]).toEqual([3, expect.stringContaining("the contract of HEAD (")]);
    write("proto/shop/orders.proto", "syntax = ;");
    commit("not compiled");
    write("proto/shop/orders.proto", orders);
    expect(await check("--against", "HEAD")).toEqual({
      code: 3,
      text: expect.stringMatching(
        /^potter: buf cannot compile the contract of HEAD \(.*\):\nproto\/shop\/orders\.proto:1:10:.*\nPass --against with a revision that compiles$/s,
      ) as string,
    });
    rmSync(join(folder, "buf.yaml"));
    commit("without a workspace");
    write("buf.yaml", config);
    expect((await check("--against", "HEAD")).text).toMatch(
      /\nThis revision has no buf\.yaml\. Pass --against with a revision that compiles$/,
    );
  });

  it("accepts reviewed changes until they expire, and reports entries that match nothing", async () => {
    write("proto/shop/orders.proto", renamed);
    const element = "order.placed version 1";
    write("potter.accepted.yaml", `accepted:\n${accept("event-removed", element, "2999-12-31")}`);
    const { code, text } = await check();
    expect([code, text]).toEqual([
      0,
      expect.stringContaining(
        "accepted event-removed: the contract no longer has the event order.placed version 1\n  until 2999-12-31: no store has such events",
      ),
    ]);
    expect(text).toMatch(/: 2 dangerous, 1 compatible; 1 accepted$/);
    write("potter.accepted.yaml", `accepted:\n${accept("event-removed", element, "2020-01-31")}`);
    expect(await check()).toEqual({ code: 1, text: expect.stringContaining("2 breaking, 2 dangerous") as string });
    expect(out.join()).toContain(
      "breaking acceptance-expired: the acceptance of event-removed (order.placed version 1) expired on 2020-01-31",
    );
    write("potter.accepted.yaml", `accepted:\n${accept("event-removed", "other", "2999-12-31")}`);
    expect((await check()).text).toContain("potter.accepted.yaml: dangerous acceptance-unused: no change matches");
  });

  it("refuses an invalid file of accepted changes", async () => {
    write("proto/shop/orders.proto", renamed);
    const refuse = async (text: string) => {
      write("potter.accepted.yaml", text);
      return check();
    };
    const entry = accept("event-removed", "x", "2999-12-31");
    const faults = [
      ["42\n", 'potter.accepted.yaml: expected one key "accepted" with a list of entries'],
      ["- code: event-removed\n", 'potter.accepted.yaml: expected one key "accepted" with a list of entries'],
      ["accepted: 1\n", 'potter.accepted.yaml: expected one key "accepted" with a list of entries'],
      ["acepted: []\n", 'potter.accepted.yaml: expected one key "accepted" with a list of entries'],
      [
        `accepted:\n${entry.replace("reason", "raison")}`,
        'potter.accepted.yaml: entry 1 has the unknown key "raison": expected code, element, reason, expires',
      ],
      [
        `accepted:\n${entry}${entry.replace(/ {4}reason.*\n/, "")}`,
        "potter.accepted.yaml: entry 2 has no reason: every entry needs code, element, reason, expires",
      ],
      [
        `accepted:\n${entry.replace("2999-12-31", "soon")}`,
        'potter.accepted.yaml: entry 1 expires on "soon": expected a date such as 2026-12-31',
      ],
    ] as const;
    for (const [text, message] of faults) expect(await refuse(text)).toEqual({ code: 2, text: `potter: ${message}` });
    expect((await refuse("accepted: [\n")).code).toBe(2);
    mkdirSync(join(folder, "folder.yaml"));
    expect(await check("--accepted", "folder.yaml")).toEqual({
      code: 2,
      text: expect.stringMatching(/^potter: cannot read folder\.yaml: EISDIR/) as string,
    });
    expect(await check("--accepted", "none.yaml")).toEqual({
      code: 2,
      text: "potter: --accepted none.yaml: there is no such file",
    });
  });

  it("refuses an invalid command line", async () => {
    expect((await check("--agianst", "main")).code).toBe(2);
    expect((await check("--format", "html")).code).toBe(2);
    expect((await check("proto", "more")).code).toBe(2);
    expect(await check("--skip", "scafold")).toEqual({
      code: 2,
      text: "potter: --skip scafold: expected some of breaking, generated, lock, scaffold",
    });
    expect(await check("--only", "lock", "--skip", "lock")).toEqual({
      code: 2,
      text: "potter: --only and --skip leave nothing to check",
    });
  });

  it("counts dangerous changes if asked to", async () => {
    write("proto/shop/orders.proto", orders.replace('{emits: "Placed"}', '{emits: "Placed" timeout: {seconds: 1}}'));
    expect((await check()).code).toBe(0);
    expect((await check("--fail-on", "dangerous")).code).toBe(1);
  });

  it("applies the rules of buf that the workspace chooses, by default those of WIRE_JSON", async () => {
    write(
      "proto/shop/orders.proto",
      `${orders}message Unused {}
`,
    );
    commit("two");
    write("proto/shop/orders.proto", orders);
    expect(await check()).toMatchObject({ code: 0 });
    write("buf.yaml", `${config}breaking:\n  use: [FILE]\n`);
    // Nothing is left of the message, so no line is guessed.
    expect((await check()).text).toContain("proto/shop/orders.proto: breaking wire-message-no-delete");
    write("buf.yaml", `${config}breaking:\n  use: [FILE]\n  ignore: [proto/shop/orders.proto]\n`);
    expect(await check()).toMatchObject({ code: 0 });
    write("buf.yaml", `${config}breaking:\n  use: [NONSENSE]\n`);
    expect(await check()).toEqual({
      code: 3,
      text: expect.stringContaining("buf cannot compare the wire format") as string,
    });
  });

  it("compares GraphQL and AsyncAPI if the project generates them", async () => {
    write(
      "proto/shop/orders.proto",
      renamed.replace("PlaceRequest { string order_id = 1;", "PlaceRequest { string order_id = 1; string note = 2;"),
    );
    const surfaces = async () => {
      const { text } = await check("--format", "json");
      const { findings } = JSON.parse(text) as { findings: { surface: string }[] };
      return [...new Set(findings.map(({ surface }) => surface))];
    };
    expect(await surfaces()).toEqual(["events", "commands"]);
    write(
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: protoc-gen-potter\n    out: gen\n    opt: [targets=graphql+asyncapi]\n",
    );
    expect(await surfaces()).toEqual(["events", "asyncapi", "commands", "graphql"]);
  });

  it("writes annotations and a summary for GitHub", async () => {
    write("proto/shop/orders.proto", renamed);
    vi.stubEnv("GITHUB_STEP_SUMMARY", join(folder, "summary.md"));
    const { code, text } = await check("--format", "github");
    expect(code).toBe(1);
    const lines = text.split("\n");
    expect(lines[0]).toMatch(
      /^::error file=proto\/shop\/orders\.proto,title=breaking%3A event-removed::the contract no .*%0Aeffect: .*%0Aremedy: /,
    );
    expect(lines[1]).toMatch(/^::warning file=proto\/shop\/orders\.proto,line=9,endLine=9,col=43,endColumn=49,title=/);
    vi.stubEnv("GITHUB_STEP_SUMMARY", join(folder, "none/summary.md"));
    write("proto/shop/orders.proto", orders.replace("message Order {", "// An order.\nmessage Order {"));
    expect(await check("--format", "github")).toEqual({
      code: 0,
      text: expect.stringContaining("potter: the job summary is not written: ENOENT") as string,
    });
    const summary = readFileSync(join(folder, "summary.md"), "utf8");
    expect(summary).toMatch(
      /^## Changes of the contract\n\ncompared with .*: 1 breaking, 2 dangerous, 1 compatible\.\n\n### events\n/,
    );
    expect(summary).toContain(
      "| **breaking** | `event-removed`: the contract no longer has the event order.placed version 1<br>",
    );
  });
});

describe("potter check without a repository", () => {
  it("finds generated files that are stale, missing or extra", async () => {
    write(
      "proto/shop/stock.proto",
      'syntax = "proto3"; package shop; service Stock { rpc Count(Shelf) returns (Shelf); } message Shelf {}\n',
    );
    expect(await main(["generate"], folder)).toBe(0);
    expect(await check("--only", "generated")).toEqual({ code: 0, text: "checked: no change" });
    rmSync(join(folder, "proto/shop/stock.proto"));
    appendFileSync(join(folder, "gen/shop/orders_cqrs.ts"), "// mine\n");
    const { code, text } = await check("--only", "generated");
    expect(code).toBe(1);
    expect(text.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
      "gen/shop/stock_cqrs.ts: breaking generated-extra: gen/shop/stock_cqrs.ts is generated no longer",
      "gen/shop/orders_cqrs.ts: breaking generated-stale: gen/shop/orders_cqrs.ts is not what the contract generates",
      "checked: 2 breaking",
    ]);
    rmSync(join(folder, "gen/shop/orders_cqrs.ts"));
    expect((await check("--only", "generated")).text).toContain(
      "breaking generated-missing: gen/shop/orders_cqrs.ts is missing",
    );
    git("init", "-q");
    expect(await check("--only", "generated")).toEqual({ code: 0, text: "checked: no change" });
  });

  it("finds names that potter.lock lost or lacks", async () => {
    expect(await check("--only", "lock")).toEqual({ code: 0, text: "checked: no change" });
    expect(await main(["lock"], folder)).toBe(0);
    expect(await check("--only", "lock")).toEqual({ code: 0, text: "checked: no change" });
    write("proto/shop/orders.proto", orders.replace("rpc Place(", "rpc Take("));
    const { code, text } = await check("--only", "lock, generated");
    expect(code).toBe(1);
    expect(text).toContain(
      "proto/shop/orders.proto:6:9: breaking lock-name-lost: the locked GraphQL name Mutation.place is lost",
    );
    expect(text).toContain(
      "potter.lock: dangerous lock-name-missing: the GraphQL name Mutation.take is not in potter.lock",
    );
    expect(await check("--only", "locks")).toEqual({
      code: 2,
      text: "potter: --only locks: expected some of breaking, generated, lock, scaffold",
    });
  });

  it("places a lost name at what is left of its element, and else at its line of the lock", async () => {
    const stock = `syntax = "proto3";
package shop;
service Stock { rpc Count(Shelf) returns (Shelf); rpc Empty(Shelf) returns (Shelf); }
message Shelf { string id = 1; string floor = 2; }
`;
    write("proto/shop/stock.proto", stock);
    expect(await main(["lock"], folder)).toBe(0);
    const lostIn = async () => {
      const { text } = await check("--only", "lock");
      return text.split("\n").filter((line) => line.includes("lock-name-lost"));
    };
    write(
      "proto/shop/stock.proto",
      stock.replace(" rpc Empty(Shelf) returns (Shelf);", "").replace(" string floor = 2;", ""),
    );
    const places = (lines: readonly string[]) =>
      lines.map((line) => line.replace(/^(\S+): .* (\S+) is lost$/, "$2 $1"));
    expect(places(await lostIn())).toEqual([
      "Mutation.empty proto/shop/stock.proto:3:9",
      "Mutation.empty(input) proto/shop/stock.proto:3:9",
      "Query.count(floor) proto/shop/stock.proto:3:21",
      "Shelf.floor proto/shop/stock.proto:4:9",
      "ShelfInput proto/shop/stock.proto:4:9",
      "ShelfInput.floor proto/shop/stock.proto:4:9",
      "ShelfInput.id proto/shop/stock.proto:4:24",
      expect.stringMatching(/^\/shop\.Stock\/Empty potter\.lock:\d+:6$/) as string,
    ]);
    rmSync(join(folder, "proto/shop/stock.proto"));
    const lock = readFileSync(join(folder, "potter.lock"), "utf8").split("\n");
    const gone = places(await lostIn());
    const count = lock.findIndex((line) => line.startsWith("graphql Query.count = ")) + 1;
    expect(gone).toContain(`Query.count potter.lock:${count}:9`);
    expect(gone.filter((line) => !/ potter\.lock:\d+:[69]$/.test(line))).toEqual([]);
    errors.length = 0;
    expect(await main(["lock"], folder)).toBe(1);
    expect(errors.join("\n")).toMatch(/^potter\.lock:\d+:9: error graphql-locked-name: .*\n {4}graphql .*\n {4} {8}\^/);
  });

  it("compares with potter.lock, without any history", async () => {
    expect(await check("--against", "lock")).toEqual({
      code: 3,
      text: expect.stringMatching(
        /^potter: nothing to compare with: there is no potter\.lock\. Write it by npx potter lock, and commit it$/m,
      ) as string,
    });
    expect(await main(["lock"], folder)).toBe(0);
    const only = ["--only", "breaking,lock"];
    expect(await check("--against", "lock", ...only)).toEqual({
      code: 0,
      text: "compared with potter.lock: no change",
    });
    write("proto/shop/orders.proto", renamed);
    const { code, text } = await check("--against", "potter.lock", ...only);
    expect(code).toBe(1);
    expect(text.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
      "proto/shop/orders.proto (base): breaking event-removed: the contract no longer has the event order.placed version 1",
      "proto/shop/orders.proto:9:43: dangerous command-emits-added: shop.Orders.Place can record order.taken version 1",
      "proto/shop/orders.proto:8:7: dangerous command-emits-removed: shop.Orders.Place no longer records order.placed version 1",
      "potter.lock: dangerous lock-name-missing: the event order.taken@1 is not in potter.lock",
      "proto/shop/orders.proto:17:9: compatible event-added: the event order.taken version 1 is new",
      "compared with potter.lock: 1 breaking, 3 dangerous, 1 compatible",
    ]);
    // Without the lock as the base, a name that it has lost is all that it says.
    const lock = readFileSync(join(folder, "potter.lock"), "utf8");
    const line = lock.split("\n").findIndex((one) => one.startsWith("event order.placed@1 = ")) + 1;
    expect((await check("--only", "lock")).text).toContain(
      `potter.lock:${line}:7: breaking lock-name-lost: the locked event order.placed@1 is lost`,
    );
    write("potter.lock", lock.replace(/^(?:file|message|service) .*\n/gm, ""));
    expect(await check("--against", "lock", ...only)).toEqual({
      code: 3,
      text: expect.stringContaining("potter.lock records names of the GraphQL schema and no contract") as string,
    });
    write("potter.lock", lock.replace(/^message shop\.Order = .*\n/m, ""));
    expect(await check("--against", "lock", ...only)).toEqual({
      code: 3,
      text: expect.stringMatching(/^potter: .*potter\.lock/m) as string,
    });
    write("potter.lock", lock.replace(/^message shop\.Order = .*\n/m, "<<<<<<< HEAD\n$&"));
    expect(await check("--against", "lock", ...only)).toEqual({
      code: 3,
      text: expect.stringMatching(/^potter: potter\.lock:\d+: the file has a conflict of a merge/) as string,
    });
  });

  it("takes comments, which potter.lock and plain images lack, for no change of the schema", async () => {
    write(
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: protoc-gen-potter\n    out: gen\n    opt: [targets=graphql]\n",
    );
    write("proto/shop/orders.proto", orders.replace("  rpc Place(", "  // Places an order.\n  rpc Place("));
    expect(await main(["lock"], folder)).toBe(0);
    expect(await check("--against", "lock", "--only", "breaking")).toEqual({
      code: 0,
      text: "compared with potter.lock: no change",
    });
    mkdirSync(join(folder, "earlier"));
    symlinkSync(join(folder, "node_modules"), join(folder, "earlier/node_modules"), "dir");
    write("earlier/buf.yaml", config);
    write("earlier/proto/shop/orders.proto", orders);
    expect((await check("--against", "earlier", "--only", "breaking")).text).toContain(
      "compatible graphql-field-description-added: Field 'Mutation.place' has description 'Places an order.'",
    );
  });

  it("compares with a lock whose contract imports annotations that the contract no longer does", async () => {
    await main(["lock"], folder);
    const plain = orders.replace(/^import "google.*\n/m, "").replace(/^.*google\.api\.http.*\n/m, "");
    write("proto/shop/orders.proto", plain);
    write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: potter\n");
    mkdirSync(join(folder, "potter/potter/v1"), { recursive: true });
    const options = readFileSync(join(root, "generator/proto/potter/v1/options.proto"), "utf8");
    write("potter/potter/v1/options.proto", options);
    const { code, text } = await check("--against", "lock", "--only", "breaking");
    expect([code, text]).toEqual([1, expect.stringContaining("breaking rest-route-removed: POST /v1/orders")]);
  });

  it("compares with an image or a folder, and says what to pass", async () => {
    expect(await check("--only", "breaking")).toEqual({
      code: 3,
      text: "potter: nothing to compare with: the folder is in no git repository; pass --against with lock, an image of buf build or a folder",
    });
    expect((await check("--against", "v1")).text).toContain(
      "there is no such file or folder, and the folder is in no git repository",
    );
    const buf = spawnSync(join(root, "node_modules/.bin/buf"), ["build", "-o", "base.binpb"], { cwd: folder });
    expect(buf.status).toBe(0);
    write("old/buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: library\n");
    write("old/proto/shop/orders.proto", orders);
    symlinkSync(join(root, "generator/proto"), join(folder, "old/library"), "dir");
    write("proto/shop/orders.proto", renamed);
    for (const base of ["base.binpb", "old", join(folder, "old")]) {
      const { code, text } = await check("--against", base, "--only", "breaking");
      expect(code).toBe(1);
      expect(text).toContain("breaking event-removed: the contract no longer has the event order.placed version 1");
      expect(text).toContain(`compared with ${base}: 1 breaking`);
    }
    expect((await check("--against", "none.binpb")).code).toBe(3);
  });
});
