// What a watcher generates of a change, compared with what a run that starts with nothing generates of the same files.
import { cpSync, existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CompileError } from "../contract/index.js";
import { ContractErrors, generateFiles, RunMemory } from "../plugins/index.js";
import { openProject } from "../project/index.js";
import { createProject, root, type TestProject } from "../project.fixture.js";
import { listSourceChanges, readWatched, type Snapshot, SnapshotReader } from "./files/index.js";

const targets = ["cqrs", "saga", "openapi", "graphql", "asyncapi", "client"];

const template = (options = ""): string => `version: v2
plugins:
  - local: protoc-gen-es
    out: gen
    opt: [target=ts, import_extension=js]
    include_imports: true
    strategy: all
${targets.map((name) => `  - local: protoc-gen-potter-${name}\n    out: gen\n    strategy: all\n${options}`).join("")}inputs:
  - directory: proto
`;

/** A saga that names what no import of its file leads to. */
const transfer = `syntax = "proto3";
package bank.transfers.v1;
import "potter/v1/options.proto";
message Transfer {
  option (potter.v1.saga) = {
    step: { name: "open" command: "bank.v1.AccountService.OpenAccount" no_compensation: true }
  };
  string transfer_id = 1 [(potter.v1.field).id = true];
}
`;

let project: TestProject;
let memory: RunMemory;
let before: Snapshot | undefined;
let reader: SnapshotReader;

beforeEach(() => {
  project = createProject({ "buf.gen.yaml": template(), "proto/bank/transfers/v1/transfer.proto": transfer });
  cpSync(join(root, "examples/shop/proto/shop"), join(project.folder, "proto/shop"), { recursive: true });
  memory = new RunMemory();
  before = undefined;
  reader = new SnapshotReader();
});

afterEach(() => project.delete());

interface Outcome {
  readonly files: Readonly<Record<string, string>>;
  readonly diagnostics: readonly string[];
  /** Errors of the compiler or of the contract. */
  readonly errors: readonly string[];
}

/** Generates in memory. `earlier`: what a watcher has from its last run. */
async function generate(earlier?: Parameters<typeof generateFiles>[3]): Promise<Outcome> {
  try {
    const { folders, diagnostics } = await generateFiles(
      openProject(project.folder),
      () => {},
      () => true,
      earlier,
    );
    const files = folders.flatMap(({ out, files: generated }) =>
      [...generated].map(([name, bytes]) => [`${out}/${name}`, Buffer.from(bytes).toString("utf8")] as const),
    );
    return { files: Object.fromEntries(files.sort()), diagnostics: toText(diagnostics), errors: [] };
  } catch (error) {
    if (error instanceof CompileError) return { files: {}, diagnostics: [], errors: toText(error.problems) };
    if (error instanceof ContractErrors) return { files: {}, diagnostics: [], errors: toText(error.diagnostics) };
    throw error;
  }
}

const toText = (values: readonly unknown[]): readonly string[] => values.map((value) => JSON.stringify(value)).sort();

/** Generates as a watcher does after a change, and expects what a fresh run generates. Returns whether it was put together. */
async function expectSame(): Promise<boolean> {
  const { folder } = project;
  const snapshot = reader.readContract(readWatched(folder, { template: "buf.gen.yaml", sources: false, ignored: [] }));
  const partial = await generate({ memory, changes: listSourceChanges(before, snapshot) });
  if (partial.errors.length === 0) before = snapshot;
  const isSpliced = partial.errors.length === 0 && memory.isSpliced;
  expect(partial).toEqual(await generate());
  return isSpliced;
}

const edit = (path: string, change: (text: string) => string): void => {
  const text = project.read(path);
  const changed = change(text);
  expect(changed).not.toBe(text);
  project.write(path, changed);
};

const [account, money] = ["proto/bank/v1/account.proto", "proto/bank/types/v1/money.proto"];
const [orders, checkout] = ["proto/shop/orders/v1/orders.proto", "proto/shop/checkout/v1/checkout.proto"];

describe("a run of a watcher after a change", () => {
  it("compiles only what changed and what imports it, and generates what all would", async () => {
    expect(await expectSame()).toBe(false);
    edit(orders, (text) =>
      text.replace("message PlaceOrderRequest {", "message PlaceOrderRequest {\n  string note = 9;"),
    );
    expect(await expectSame()).toBe(true);
    edit(money, (text) => text.replace("currency = 2;", "currency = 2; string note = 3;"));
    expect(await expectSame()).toBe(true);
  });

  it("generates files that name an element without importing it", async () => {
    await expectSame();
    edit(account, (text) => text.replaceAll("OpenAccount", "CreateAccount"));
    edit("proto/bank/transfers/v1/transfer.proto", (text) => text.replace("OpenAccount", "CreateAccount"));
    expect(await expectSame()).toBe(true);
    // The request of a command that only a name in an option leads to.
    edit(account, (text) => text.replace("string owner = 2; bank", "string owner = 2; string note = 7; bank"));
    expect(await expectSame()).toBe(true);
  });

  it("finds an element that takes the place of the one that a name meant", async () => {
    await expectSame();
    // Names are resolved from the innermost scope: `bank.transfers.v1.bank.v1` is further in than `bank.v1`.
    project.write(
      "proto/bank/transfers/v1/inner.proto",
      `syntax = "proto3";\npackage bank.transfers.v1.bank.v1;\nmessage Other {}\n`,
    );
    expect(await expectSame()).toBe(false);
    edit(
      "proto/bank/transfers/v1/inner.proto",
      (text) => `${text}import "potter/v1/options.proto";
service AccountService {
  rpc OpenAccount(OpenAccountRequest) returns (OpenAccountResponse) { option (potter.v1.command) = {}; }
}
message OpenAccountRequest { string id = 1; }
message OpenAccountResponse {}
`,
    );
    await expectSame();
    edit("proto/bank/transfers/v1/inner.proto", (text) => text.replace("rpc OpenAccount", "rpc OpenOther"));
    await expectSame();
  });

  it("after an error starts from the last complete run, whatever was saved meanwhile", async () => {
    await expectSame();
    const text = project.read(orders);
    edit(orders, (old) => old.replace('emits: "OrderShipped"', 'emits: "OrderShiped"'));
    await expectSame();
    edit(money, (old) => old.replace("currency = 2;", "currency = 2; string note = 3;"));
    await expectSame();
    project.write(orders, text);
    expect(await expectSame()).toBe(true);
    edit(checkout, (old) => old.replace("message Checkout {", "message Checkout"));
    await expectSame();
    edit(checkout, (old) => old.replace("message Checkout", "message Checkout {"));
    edit(money, (old) => old.replace(" string note = 3;", ""));
    expect(await expectSame()).toBe(true);
  });

  it("follows new, deleted and renamed files, and changes of the configuration", async () => {
    await expectSame();
    const path = "proto/bank/v2/extra.proto";
    project.write(path, `syntax = "proto3";\npackage bank.v2;\nmessage Extra {}\n`);
    await expectSame();
    edit(path, (text) => text.replace("Extra", "More"));
    expect(await expectSame()).toBe(true);
    renameSync(join(project.folder, path), join(project.folder, "proto/bank/v2/renamed.proto"));
    await expectSame();
    project.remove("proto/bank/v2");
    await expectSame();
    project.write("buf.gen.yaml", template("    include_imports: true\n"));
    await expectSame();
    edit(account, (text) => text.replace("string owner = 1;", "string owner = 1; string note = 3;"));
    expect(await expectSame()).toBe(true);
  });

  it("keeps modules of JavaScript and declarations of files that are as they were", async () => {
    const forms = template().replaceAll(/(potter-(?:cqrs|saga)\n)/g, "$1    opt: [target=js+dts]\n");
    project.write("buf.gen.yaml", forms.replace("target=ts", "target=js+dts"));
    await expectSame();
    edit(account, (text) => text.replace("string owner = 1;", "string owner = 1; string note = 3;"));
    expect(await expectSame()).toBe(true);
  });

  it("is the same after random changes", { timeout: 300_000 }, async () => {
    const random = createRandom(Number(process.env["POTTER_SEED"] ?? 20_261));
    const count = process.env["POTTER_FULL"] === "true" ? 400 : 25;
    await expectSame();
    let spliced = 0;
    for (let at = 0; at < count; at++) {
      const done = change(random, at);
      const isSame = await expectSame().catch((error: unknown) => {
        throw new Error(`change ${at}: ${done}`, { cause: error });
      });
      if (isSame) spliced++;
    }
    // Otherwise the changes are such that they say nothing about parts.
    expect(spliced).toBeGreaterThan(count / 4);
  });
});

type Random = (limit: number) => number;

/** Whole numbers below a limit, the same for each seed. */
function createRandom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const originals = new Map<string, string>();

/** Changes a file of the project. Some changes break the contract; later ones mend it. Returns what was done. */
function change(random: Random, at: number): string {
  const files = readdirSync(join(project.folder, "proto"), { recursive: true, encoding: "utf8" })
    .map((path) => `proto/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".proto"))
    .sort();
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  const path = pick(files);
  const text = project.read(path);
  const messages = [...text.matchAll(/^message (\w+)/gm)].map(([, name = ""]) => name);
  const name = messages.length > 0 ? pick(messages) : "None";
  const own = new RegExp(`^message ${name} \\{`, "m");
  const changes: Readonly<Record<string, () => void>> = {
    field: () => project.write(path, text.replace(own, `message ${name} {\n  string extra_${at} = ${500 + at};`)),
    comment: () => project.write(path, text.replace(own, `// About ${at}.\nmessage ${name} {`)),
    message: () => project.write(path, `${text}message Extra${at} { string a = 1; }\n`),
    error: () => project.write(path, `${text}message Extra${at} { Missing${at} a = 1; }\n`),
    syntax: () => project.write(path, `${text}message {\n`),
    rename: () => project.write(path, text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}X`)),
    option: () => project.write(path, text.replace(/emits: "(\w+)"/, 'emits: "Missing"')),
    import: () => project.write(path, text.replace(/^import/m, 'import "google/protobuf/duration.proto";\nimport')),
    remove: () => project.remove(path),
    create: () =>
      project.write(
        `proto/extra/v${at}/extra.proto`,
        `syntax = "proto3";\npackage extra.v${at};\nmessage E { int32 a = 1; }\n`,
      ),
    restore: () => {
      for (const [one, original] of originals) project.write(one, original);
    },
  };
  if (originals.size === 0) for (const one of files) originals.set(one, project.read(one));
  // Harmless changes are the most frequent, as they are for users. What is broken is mended soon.
  const isBroken = before === undefined || existsSync(join(project.folder, ".broken"));
  const kinds = ["field", "field", "field", "comment", "message", "message", "rename", "import", "create", "restore"];
  const broken = ["error", "syntax", "option", "remove"];
  const kind = isBroken && random(2) === 0 ? "restore" : random(5) === 0 ? pick(broken) : pick(kinds);
  if (broken.includes(kind) || kind === "rename") project.write(".broken", "");
  if (kind === "restore") project.remove(".broken");
  changes[kind]?.();
  return `${kind} ${path} ${name}`;
}
