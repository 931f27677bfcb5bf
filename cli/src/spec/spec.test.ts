import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject, template } from "../project.fixture.js";

let project: TestProject;
let out: string[];
let errors: string[];
beforeEach(() => {
  project = createProject({
    "proto/bank/v1/closing.proto": `syntax = "proto3";
package bank.v1;
import "bank/v1/account.proto";
import "potter/v1/options.proto";
message Closing {
  option (potter.v1.saga) = {starts_on: "AccountOpened" step {name: "open" command: "AccountService.OpenAccount"}};
  string account_id = 1 [(potter.v1.field).id = true];
}
`,
    "buf.gen.yaml": template.replace(
      "inputs:",
      `  - local: protoc-gen-potter
    out: gen
    opt: [targets=saga+openapi+asyncapi]
    strategy: all
  - local: protoc-gen-potter-graphql
    out: schemas
    strategy: all
inputs:`,
    ),
  });
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => project.delete());

const files = (folder: string): readonly string[] =>
  Object.keys(project.tree(folder)).filter((name) => !name.endsWith(".potter-manifest.json"));
const documents = ["asyncapi.yaml", "bank/v1/closing_saga.md", "openapi.yaml"];

it("writes documents and no code, with the bytes of potter generate, and deletes stale documents only", async () => {
  expect(await main(["spec"], project.folder), errors.join("\n")).toBe(0);
  expect(out[1]).toBe("in this process: protoc-gen-potter, protoc-gen-potter-graphql");
  expect(files("gen")).toEqual(documents);
  expect(files("schemas")).toEqual(["schema.graphql"]);
  const before = project.tree("gen");

  expect(await main(["generate"], project.folder)).toBe(0);
  expect(files("gen").length).toBeGreaterThan(documents.length);
  expect(project.tree("gen")).toMatchObject(Object.fromEntries(documents.map((name) => [name, before[name]])));

  const code = files("gen").filter((name) => name.endsWith(".ts"));
  project.remove("proto/bank/v1/closing.proto");
  expect(await main(["spec"], project.folder)).toBe(0);
  expect(files("gen")).toEqual(["asyncapi.yaml", ...code, "openapi.yaml"].sort());
  expect(await main(["generate"], project.folder)).toBe(0);
  expect(files("gen")).not.toContain("bank/v1/closing_saga.ts");
});

it("writes all to one folder, with a template at an absolute path", async () => {
  const path = join(project.folder, "buf.gen.yaml");
  expect(await main(["spec", "--out", "public/api docs", "--template", path], project.folder)).toBe(0);
  expect(files("public/api docs")).toEqual([...documents, "schema.graphql"]);
  expect(project.tree("gen")).toEqual({});
});

it("refuses a template without documents", async () => {
  project.write("buf.gen.yaml", template);
  expect(await main(["spec"], project.folder)).toBe(2);
  expect(errors).toEqual([
    "potter: buf.gen.yaml names no plugin that writes documents: add one of protoc-gen-potter-openapi, " +
      "protoc-gen-potter-asyncapi, protoc-gen-potter-graphql, protoc-gen-potter-saga",
  ]);
});
