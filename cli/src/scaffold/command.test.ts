// `potter generate` and `potter scaffold` in a project whose contract grows.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { contract, createProject, type TestProject, template } from "../project.fixture.js";

const account = "proto/bank/v1/account.proto";
const grown = (contract[account] ?? "")
  .replace(
    "service AccountService {",
    'service AccountService {\n  rpc CloseAccount(CloseAccountRequest) returns (CloseAccountResponse) {\n    option (potter.v1.command) = {emits: "AccountClosed"};\n  }',
  )
  .concat("message CloseAccountRequest { string account_id = 1; }\nmessage CloseAccountResponse {}\n")
  .concat("message AccountClosed { option (potter.v1.event) = {}; }\n");

let project: TestProject;
let out: string[];
let errors: string[];
beforeEach(() => {
  project = createProject();
  out = [];
  errors = [];
  vi.stubEnv("CI", "");
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.delete();
});

const potter = (...args: readonly string[]): Promise<number> => main(args, project.folder);

it("generate creates the file of a new aggregate and inserts what comes later", async () => {
  expect(await potter("generate")).toBe(0);
  expect(out.slice(2)).toEqual([
    "src/account.ts: created for the aggregate Account, in src, since no file imports generated code yet; add account to the parts of createApp",
  ]);
  expect(project.read("src/account.ts")).toContain('import { Account } from "../gen/bank/v1/account_cqrs.js";');
  expect(project.read("src/account.ts")).toContain("    openAccount: () => {\n");
  project.write(account, grown);
  expect(await potter("generate")).toBe(0);
  expect(out[5]).toMatch(
    /^src\/account\.ts:\d+: inserted Account\.decide\.closeAccount\nsrc\/account\.ts:\d+: inserted Account\.evolve\.accountClosed$/,
  );
  expect(await potter("generate")).toBe(0);
  expect(out.slice(6)).toHaveLength(2);
  expect(errors).toEqual([]);
});

it("generate leaves users' files alone with --no-scaffold, and scaffold does it later, in the folder that is asked for", async () => {
  expect(await potter("generate", "--no-scaffold")).toBe(0);
  expect(project.tree("src")).toEqual({});
  expect(await potter("scaffold", "--into", "app/parts/")).toBe(0);
  expect(Object.keys(project.tree("app"))).toEqual(["parts/account.ts"]);
  expect(await potter("scaffold")).toBe(0);
  expect(errors).toEqual(["nothing to do: your files have all that the contract needs"]);
});

it("generate only reports on a build server, so that no stub is shipped unseen", async () => {
  vi.stubEnv("CI", "true");
  expect(await potter("generate")).toBe(0);
  expect(out[2]).toMatch(
    /^src\/account.ts: would create for the aggregate Account, .*\nyour files stay as they are, since CI is set: /,
  );
  expect(project.tree("src")).toEqual({});
  expect(await potter("generate", "--scaffold")).toBe(0);
  expect(Object.keys(project.tree("src"))).toEqual(["account.ts"]);
});

it("scaffold --dry-run prints a diff and writes nothing, --json what was done", async () => {
  expect(await potter("scaffold", "--dry-run")).toBe(0);
  expect(out[0]).toContain("--- /dev/null\n+++ b/src/account.ts\n@@ -0,0 +1,");
  expect(errors[0]).toContain("src/account.ts: would create for the aggregate Account");
  expect(project.tree("src")).toEqual({});
  expect(await potter("generate", "--json")).toBe(0);
  expect(JSON.parse(out[1] ?? "")).toMatchObject({
    ok: true,
    scaffold: { isDryRun: false, inserted: [], created: [{ path: "src/account.ts", constant: "account" }], notes: [] },
  });
});

it("both leave users' files alone if the contract has errors", async () => {
  await potter("generate");
  const before = project.tree("src");
  project.write(account, grown.replace('emits: "AccountClosed"', 'emits: "AccountClosd"'));
  expect([await potter("generate"), await potter("scaffold")]).toEqual([1, 1]);
  expect(project.tree("src")).toEqual(before);
  expect(errors.filter((text) => text.includes("error unknown-reference"))).toHaveLength(2);
});

it("both work on a template that only buf can run", async () => {
  project.write("buf.gen.yaml", `${template}managed:\n  enabled: true\n`);
  expect(await potter("generate")).toBe(0);
  expect(Object.keys(project.tree("src"))).toEqual(["account.ts"]);
  expect(await potter("scaffold")).toBe(0);
});

it("scaffold says which plugin is missing", async () => {
  project.write("buf.gen.yaml", template.slice(0, template.indexOf("  - local: protoc-gen-potter")));
  expect(await potter("scaffold")).toBe(2);
  expect(errors).toEqual([
    "potter: buf.gen.yaml names no plugin whose code takes behaviour: add protoc-gen-potter-cqrs",
  ]);
});
