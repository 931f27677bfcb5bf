// Sagas for which the template generates no code: potter generate says so, and what to write.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject, template } from "../project.fixture.js";

let project: TestProject;
let errors: string[];
beforeEach(() => {
  errors = [];
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  project = createProject({
    "proto/bank/v1/welcome.proto": `syntax = "proto3";
package bank.v1;
import "potter/v1/options.proto";
message Welcome {
  option (potter.v1.saga) = {
    starts_on: "AccountOpened"
    step {name: "greet" command: "AccountService.OpenAccount" no_compensation: true}
  };
  string account_id = 1 [(potter.v1.field).id = true];
}
`,
  });
});
afterEach(() => project.delete());

const own = (plugin: string, options: string) =>
  template.replace("protoc-gen-potter-cqrs\n", `${plugin}\n    opt: [${options}]\n`);
const place = "the saga Welcome (proto/bank/v1/welcome.proto:4:9)";
const missing = `note: no code is generated for ${place}: buf.gen.yaml has no target saga: `;
const plugin =
  "add the plugin protoc-gen-potter-saga, with the same settings as protoc-gen-potter-cqrs (buf.gen.yaml:8:5)";
const saga = "  - local: protoc-gen-potter-saga\n    out: gen\n    strategy: all\ninputs:";

it.each<[string, string, readonly string[]]>([
  ["one target", template, [`${missing}${plugin}`]],
  [
    "a list of targets",
    own("protoc-gen-potter", "targets=cqrs+openapi"),
    [`${missing}buf.gen.yaml:8:5: add it to the option targets: targets=cqrs+openapi+saga`],
  ],
  ["the target", own("protoc-gen-potter", "targets=cqrs+saga"), []],
  ["all targets", own("protoc-gen-potter", ""), []],
  ["the plugin", template.replace("inputs:", saga), []],
  ["documents only", own("protoc-gen-potter-openapi", ""), []],
])("reports a saga that has no code with a template of %s", async (_, text, notes) => {
  project.write("buf.gen.yaml", text);
  expect([await main(["generate", "--no-scaffold"], project.folder), errors]).toEqual([0, notes]);
});

it("does not report it of a part of a template", async () => {
  project.write("buf.gen.yaml", own("protoc-gen-potter", "targets=cqrs+openapi"));
  expect([await main(["spec"], project.folder), errors]).toEqual([0, []]);
});
