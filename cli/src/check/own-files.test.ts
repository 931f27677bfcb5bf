// `potter check` without an earlier contract: users' files and generated files, in every report.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { contract, createProject, type TestProject } from "../project.fixture.js";

const app = `import { createApp } from "@potter/runtime";
import { account } from "./account.js";

export const app = createApp({ parts: [account] });
`;
const account = `import { Account } from "../gen/bank/v1/account_cqrs.js";

export const account = Account.decider({
  initial: () => ({ exists: false }),
  decide: {
    openAccount: () => Account.event.accountOpened({}),
  },
  evolve: {
    accountOpened: () => ({ exists: true }),
  },
});
`;
const gap = "Account.decide.closeAccount";

let project: TestProject;
let out: string[];
let errors: string[];
beforeEach(() => {
  project = createProject({ "src/account.ts": account, "src/app.ts": app });
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  vi.stubEnv("GITHUB_STEP_SUMMARY", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.delete();
});

async function check(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  out.length = 0;
  errors.length = 0;
  const code = await main(["check", ...args], project.folder);
  return { code, text: [...out, ...errors].join("\n") };
}

/** The first line of each finding. */
async function findings(...args: readonly string[]): Promise<readonly string[]> {
  const { text } = await check("--only", "scaffold", ...args);
  return text.split("\n").filter((line) => !line.startsWith(" "));
}

/** The contract has a command and a query more. */
function growContract(): void {
  const path = "proto/bank/v1/account.proto";
  const rpc = `  rpc CloseAccount(OpenAccountRequest) returns (OpenAccountResponse) {
    option (potter.v1.command) = {emits: "AccountOpened"};
  }
  rpc GetAccount(OpenAccountRequest) returns (OpenAccountResponse) { option (potter.v1.query) = {}; }
}
message OpenAccountRequest`;
  project.write(path, (contract[path] ?? "").replace("}\nmessage OpenAccountRequest", rpc));
}

describe("users' files", () => {
  it("that have all of the contract are no finding", async () => {
    expect(await check("--only", "scaffold")).toEqual({ code: 0, text: "checked: no change" });
  });

  it("that lack a handler or a part of the contract, or have one in excess, are findings with their places", async () => {
    growContract();
    project.write(
      "src/account.ts",
      account.replace("accountOpened: ()", "accountClosed: () => 1,\n    accountOpened: ()"),
    );
    const { code, text } = await check("--only", "scaffold");
    expect(code).toBe(1);
    expect(text.split("\n")).toEqual([
      "src/account.ts:9:5: breaking scaffold-lost: Account.evolve.accountClosed is not in the contract: remove it, or restore it in the contract",
      "  element: Account.evolve.accountClosed",
      "  effect: the code does not compile, or is never called",
      "  remedy: remove it, or restore it in the contract",
      "src/account.ts:5:11: breaking scaffold-missing: Account.decide.closeAccount is missing",
      "  element: Account.decide.closeAccount",
      "  effect: the code does not compile; without type checking, the app does not start",
      "  remedy: insert a stub and write it: npx potter scaffold",
      "the project: breaking scaffold-undeclared: no file declares the queries of the service AccountService: nothing calls AccountService.queries(…)",
      "  element: AccountService.queries",
      "  effect: calls of its methods fail, its rows are not written, its sagas do not start",
      "  remedy: create a file for it: npx potter scaffold; or list it in unimplemented of createApp",
      "checked: 3 breaking",
    ]);
  });

  it("that no app uses are findings", async () => {
    project.write("src/app.ts", app.replace(/import .*account.*\n/, "").replace("[account]", "[]"));
    expect(await findings()).toEqual([
      "src/account.ts:3:14: breaking scaffold-unlisted: no code uses account, so no app has the aggregate Account: add it to the parts of createApp in src/app.ts",
      "checked: 1 breaking",
    ]);
  });

  it("that hide keys, or that may declare a part, fail no run", async () => {
    growContract();
    project.write("src/account.ts", account.replace("decide: {", "decide: {\n    ...handlers(),"));
    project.write(
      "src/queries.ts",
      'import { AccountService } from "../gen/bank/v1/account_cqrs.js";\nexport const { queries } = AccountService;\n',
    );
    expect(await check("--only", "scaffold", "--fail-on", "dangerous")).toEqual({
      code: 0,
      text: [
        "src/account.ts:6:5: compatible scaffold-hidden: the spread ...handlers() hides keys, so nothing is inserted into Account.decide: it needs closeAccount",
        "src/queries.ts:2:28: compatible scaffold-unclear: cannot see whether AccountService.queries(…) is called by way of this: no file is created for the queries of the service AccountService",
        "checked: 2 compatible",
      ].join("\n"),
    });
  });

  it("that do not parse are a dangerous finding", async () => {
    project.write("src/account.ts", `${account}}\n`);
    expect(await findings()).toEqual([
      "src/account.ts:12:1: dangerous scaffold-unreadable: src/account.ts does not parse, so it is not changed: Declaration or statement expected.",
      "checked: 1 dangerous",
    ]);
  });

  it("of a project without a service, or without a template, are not looked for", async () => {
    project.remove("src");
    expect(await check("--only", "scaffold")).toEqual({ code: 0, text: "checked: no change" });
    project.write("src/account.ts", account.replace("openAccount", "open"));
    project.remove("buf.gen.yaml");
    expect(await check("--only", "scaffold")).toEqual({ code: 0, text: "checked: no change" });
  });

  it("are listed without anything to compare with, and left out on request", async () => {
    growContract();
    const { code, text } = await check("--skip", "generated");
    expect([code, text]).toEqual([3, expect.stringContaining("breaking scaffold-missing")]);
    expect(text).toMatch(/checked: 2 breaking\npotter: nothing to compare with: /);
    expect(await check("--skip", "generated, scaffold")).toEqual({
      code: 3,
      text: expect.stringMatching(/^potter: nothing to compare with: /) as string,
    });
  });

  it("have gaps in every report", async () => {
    growContract();
    const github = (await check("--only", "scaffold", "--format", "github")).text;
    expect(github).toContain(
      "::error file=src/account.ts,line=5,endLine=5,col=11,endColumn=12,title=breaking%3A scaffold-missing::Account.decide.closeAccount is missing%0A",
    );
    const json = JSON.parse((await check("--only", "scaffold", "--format", "json")).text) as { findings: object[] };
    expect(json.findings[0]).toMatchObject({
      code: "scaffold-missing",
      surface: "scaffold",
      element: gap,
      file: "src/account.ts",
      line: 5,
      column: 11,
    });
    const markdown = (await check("--only", "scaffold", "--format", "markdown")).text;
    expect(markdown).toContain("### scaffold\n");
    expect(markdown).toContain(`\`scaffold-missing\`: ${gap} is missing<br>src/account.ts:5:11 |`);
    const sarif = JSON.parse((await check("--only", "scaffold", "--format", "sarif")).text) as {
      runs: { results: object[] }[];
    };
    expect(sarif.runs[0]?.results[0]).toMatchObject({
      ruleId: "scaffold-missing",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/account.ts" },
            region: { startLine: 5, startColumn: 11, endLine: 5, endColumn: 12 },
          },
        },
      ],
    });
  });

  it("can have gaps that a review has accepted", async () => {
    growContract();
    const entry = (code: string, element: string, expires = "2999-12-31"): string =>
      `  - {code: ${code}, element: ${element}, reason: next week, expires: ${expires}}\n`;
    const undeclared = entry("scaffold-undeclared", "AccountService.queries");
    project.write("potter.accepted.yaml", `accepted:\n${entry("scaffold-missing", gap)}${undeclared}`);
    const { code, text } = await check("--only", "scaffold");
    expect([code, text]).toEqual([0, expect.stringMatching(/checked: no change; 2 accepted$/)]);
    project.write(
      "potter.accepted.yaml",
      `accepted:\n${entry("scaffold-missing", gap, "2020-01-31")}${undeclared}${entry("scaffold-lost", "x")}${entry("event-removed", "x")}`,
    );
    // Nothing says whether the entry of the part that is not checked is used.
    expect(await findings()).toEqual([
      "src/account.ts:5:11: breaking scaffold-missing: Account.decide.closeAccount is missing",
      "potter.accepted.yaml: breaking acceptance-expired: the acceptance of scaffold-missing (Account.decide.closeAccount) expired on 2020-01-31",
      "potter.accepted.yaml: dangerous acceptance-unused: no change matches the acceptance of scaffold-lost (x)",
      expect.stringContaining("accepted scaffold-undeclared") as string,
      "checked: 2 breaking, 1 dangerous; 1 accepted",
    ]);
  });
});

const saga = `syntax = "proto3";
package bank.v1;
import "bank/v1/account.proto";
import "potter/v1/options.proto";
message Opening {
  option (potter.v1.saga) = {step {name: "open" command: "AccountService.OpenAccount"}};
  string opening_id = 1 [(potter.v1.field).id = true];
}
`;
const plugins = [
  ["protoc-gen-es", "gen", "target=ts, import_extension=js"],
  ["protoc-gen-potter", "gen", "targets=cqrs+saga"],
  ["protoc-gen-potter", "gen/docs", "targets=openapi+asyncapi+graphql, lock=potter.lock"],
] as const;

describe("generated files", () => {
  it("of every kind are findings if they are stale, missing or extra", async () => {
    project.write("proto/bank/v1/opening.proto", saga);
    const list = plugins.map(
      ([name, folder, opt]) => `  - {local: ${name}, out: ${folder}, opt: [${opt}], strategy: all}\n`,
    );
    project.write(
      "buf.gen.yaml",
      `version: v2\nclean: true\nplugins:\n${list.join("")}inputs:\n  - directory: proto\n`,
    );
    project.write("potter.lock", "");
    expect([await main(["generate", "--no-scaffold"], project.folder), errors]).toEqual([0, []]);
    expect(await check("--only", "generated")).toEqual({ code: 0, text: "checked: no change" });
    const files = Object.keys(project.tree("gen")).filter((path) => !path.endsWith("manifest.json"));
    const kinds = ["_pb.ts", "_cqrs.ts", "_saga.ts", ".md", "openapi.yaml", "asyncapi.yaml", ".graphql", "_graphql.ts"];
    expect(kinds.filter((kind) => !files.some((path) => path.endsWith(kind)))).toEqual([]);
    for (const path of files) appendFileSync(join(project.folder, "gen", path), " ");
    expect(await filesOf("generated-stale")).toEqual(files);
    project.write("gen/docs/old.md", "");
    project.write("gen/old_pb.ts", "");
    expect(await filesOf("generated-extra")).toEqual(["docs/old.md", "old_pb.ts"]);
    project.remove("gen");
    expect(await filesOf("generated-missing")).toEqual(files);
  });
});

async function filesOf(code: string): Promise<readonly string[]> {
  const { text } = await check("--only", "generated", "--format", "json");
  const { findings: all } = JSON.parse(text) as { findings: { code: string; file: string }[] };
  return all
    .filter((one) => one.code === code)
    .map(({ file }) => file.replace(/^gen\//, ""))
    .sort();
}
