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
  project.write(
    "proto/bank/v1/account.proto",
    'syntax = "proto3";\npackage bank.v1;\n<<<<<<< HEAD\nmessage A {}\n=======\nmessage B {}\n>>>>>>> other\n',
  );
});
afterEach(() => project.delete());

it.each([[["generate"]], [["lock"]], [["check", "--against", "proto"]]])(
  "is the only error of its file: %j",
  async (argv) => {
    expect(await main(argv, project.folder)).toBeGreaterThan(0);
    const text = errors.join("\n");
    expect(text).toContain("proto/bank/v1/account.proto:3:1: ");
    expect(text).toContain("this file has an unresolved merge conflict");
    expect(text).not.toMatch(/account\.proto:[^3]/);
    expect(text).not.toContain("syntax error");
  },
);
