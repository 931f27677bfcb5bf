import { afterEach, beforeEach, expect, it } from "vitest";
import { generateFiles } from "../plugins/index.js";
import { openProject } from "../project/index.js";
import { createProject, type TestProject } from "../project.fixture.js";
import { ScaffoldMemory, scaffoldProject } from "./index.js";

let project: TestProject;

beforeEach(() => {
  project = createProject();
});

afterEach(() => project.delete());

it("finds the result of a run that wrote nothing, until the contract or a file changes", async () => {
  const memory = new ScaffoldMemory();
  const scaffold = async () => {
    const opened = openProject(project.folder);
    const { passes } = await generateFiles(opened, () => {});
    const outcome = await scaffoldProject(opened, passes, { into: undefined, dryRun: false, memory });
    return outcome?.result;
  };
  expect((await scaffold())?.created.map(({ path }) => path)).toEqual(["src/account.ts"]);
  const quiet = await scaffold();
  expect(quiet?.created).toEqual([]);
  expect(await scaffold()).toBe(quiet);

  const text = project.read("src/account.ts");
  project.write("src/account.ts", `${text}\n// mine\n`);
  const changed = await scaffold();
  expect(changed).not.toBe(quiet);
  expect(await scaffold()).toBe(changed);

  const contract = project.read("proto/bank/v1/account.proto");
  project.write(
    "proto/bank/v1/account.proto",
    contract.replace(
      "message OpenAccountResponse {}",
      'message OpenAccountResponse {}\nmessage AccountRenamed { option (potter.v1.event) = {aggregate: "Account"}; }',
    ),
  );
  expect((await scaffold())?.changed.map(({ path }) => path)).toEqual(["src/account.ts"]);

  project.remove("src/account.ts");
  expect((await scaffold())?.created.map(({ path }) => path)).toEqual(["src/account.ts"]);
});
