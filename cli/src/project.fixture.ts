import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** The command, as npm installs it. */
export const potterBin: string = join(root, "cli/bin/potter.js");

/** A project of a user in a temporary folder whose path has spaces and letters beyond ASCII. */
export interface TestProject {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(path: string): void;
  /** The files below a folder, by path: text of each. Empty if there is no folder. */
  tree(path: string): Readonly<Record<string, string>>;
  /** Runs `buf generate`, as users do. */
  bufGenerate(...args: readonly string[]): SpawnSyncReturns<string>;
  delete(): void;
}

/** A contract with an aggregate, and messages that it imports from another folder. */
export const contract: Readonly<Record<string, string>> = {
  "proto/bank/v1/account.proto": `syntax = "proto3";
package bank.v1;
import "bank/types/v1/money.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "potter/v1/options.proto";

// Keeps accounts.
service AccountService {
  option (potter.v1.service) = {aggregate: "Account"};
  // Opens an account.
  rpc OpenAccount(OpenAccountRequest) returns (OpenAccountResponse) {
    option (potter.v1.command) = {creates: true emits: "AccountOpened"};
    option (google.api.http) = {post: "/v1/accounts" body: "*"};
  }
}
message OpenAccountRequest { string account_id = 1; string owner = 2; bank.types.v1.Money deposit = 3; }
message OpenAccountResponse {}
message Account {
  option (potter.v1.aggregate) = {};
  string account_id = 1 [(potter.v1.field).id = true];
}
message AccountOpened {
  option (potter.v1.event) = {};
  string owner = 1;
  google.protobuf.Timestamp opened_at = 2;
}
`,
  "proto/bank/types/v1/money.proto": `syntax = "proto3";
package bank.types.v1;
// An amount.
message Money { int64 units = 1; string currency = 2; }
`,
};

/** A template with the message plugin and one of Potter's. */
export const template = `version: v2
plugins:
  - local: protoc-gen-es
    out: gen
    opt: [target=ts, import_extension=js]
    include_imports: true
    strategy: all
  - local: protoc-gen-potter-cqrs
    out: gen
    strategy: all
inputs:
  - directory: proto
`;

const bufYaml = `version: v2
modules:
  - path: proto
  - path: node_modules/@potter/generator/proto
`;

/** Creates a project with the contract above, the packages of the repository, and more files. */
export function createProject(files: Readonly<Record<string, string>> = {}): TestProject {
  const base = mkdtempSync(join(tmpdir(), "potter-cli-"));
  const folder = join(base, "überweisung und konto");
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries({ "buf.yaml": bufYaml, "buf.gen.yaml": template, ...contract, ...files })) {
    write(path, text);
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    remove: (path) => rmSync(join(folder, path), { recursive: true, force: true }),
    tree: (path) => readTree(join(folder, path)),
    bufGenerate: (...args) => runBufGenerate(folder, args),
    delete: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Runs `buf generate` in a folder, as `npx buf generate` does. */
export function runBufGenerate(folder: string, args: readonly string[]): SpawnSyncReturns<string> {
  const bins = join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bins}:${process.env["PATH"]}` };
  return spawnSync(join(bins, "buf"), ["generate", ...args], { cwd: folder, env, encoding: "utf8" });
}

/** The files below a folder, by path: text of each. */
export function readTree(folder: string): Readonly<Record<string, string>> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "latin1")]));
  } catch {
    return {};
  }
}

/** Runs the installed command in a process of its own. Throws if it fails. */
export function runPotter(folder: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, [potterBin, ...args], { cwd: folder, encoding: "utf8" });
}
