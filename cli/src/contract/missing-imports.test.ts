// Imports of proto files that are in no module: the cause with its remedy, in each command, without the errors that follow from it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";

let project: TestProject;
let errors: string[];
beforeEach(() => {
  errors = [];
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  project = createProject();
  project.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
});
afterEach(() => project.delete());

const advice = `add "- path: node_modules/@potter/generator/proto" to "modules" in buf.yaml; npx potter init does it`;

it("names the module of the annotations, once for each import", async () => {
  expect(await main(["generate"], project.folder)).toBe(1);
  expect(
    errors.join("\n"),
  ).toBe(`proto/bank/v1/account.proto:4:1: error compile: the imported file google/api/annotations.proto does not exist
    import "google/api/annotations.proto";
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: ${advice}. 1 other error follows from this
proto/bank/v1/account.proto:6:1: error compile: the imported file potter/v1/options.proto does not exist
    import "potter/v1/options.proto";
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: ${advice}. 5 other errors follow from this
potter: nothing was written`);
});

it.each([[["lock"]], [["check", "--against", "proto"]], [["graph"]]])("says so in potter %j", async (argv) => {
  expect(await main(argv, project.folder)).toBeGreaterThan(0);
  expect(errors.join("\n")).toContain(`hint: ${advice}`);
  expect(errors.join("\n")).not.toContain("cannot find `potter.v1");
});

it("names potter migrate and the module for options of Go Potter", async () => {
  project.remove("proto");
  project.write(
    "proto/item.proto",
    'syntax = "proto3";\npackage items;\nimport "potter/options.proto";\nmessage Item { option (potter.aggregate) = {}; string id = 1; }\n',
  );
  expect(await main(["generate"], project.folder)).toBe(1);
  expect(errors.join("\n")).toContain(
    `hint: npx potter migrate rewrites your files to potter.v1; to generate before that, add "- path: node_modules/@potter/generator/go-potter" to "modules" in buf.yaml. 1 other error follows from this`,
  );
});

it("says of other imports where their paths begin, and keeps other errors", async () => {
  project.remove("proto");
  project.write(
    "proto/item.proto",
    'syntax = "proto3";\npackage items;\nimport "shop/money.proto";\nmessage Item { shop.Money price = 1; Size size = 2; }\n',
  );
  expect(await main(["generate"], project.folder)).toBe(1);
  const text = errors.join("\n");
  expect(text).toContain("the imported file shop/money.proto does not exist");
  expect(text).toContain(
    "hint: create it, or correct its path, which begins in the folder of a module of buf.yaml. 1 other",
  );
  expect(text).toContain("cannot find `Size` in this scope");
});
