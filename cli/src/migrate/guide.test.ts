// docs/guides/from-go-potter.md shows what `potter migrate` writes, and a contract without errors.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { compileProto, diagnosticsOf, root } from "../../../generator/src/testing/index.js";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";

const guide = readFileSync(join(root, "docs/guides/from-go-potter.md"), "utf8");
const [old = "", rewritten = "", completed = ""] = Array.from(
  guide.matchAll(/^```proto\n([\s\S]*?)^```$/gm),
  ([, text]) => text ?? "",
);
const requests = `
message CreateItemRequest { string title = 1; }
message CreateItemResponse {}
message GetItemRequest { string id = 1; }
message GetItemResponse { string title = 1; }
`;
const header = (file: string): string => `syntax = "proto3";\npackage shop;\nimport "${file}";\n\n`;

let project: TestProject | undefined;
afterEach(() => project?.delete());

it("shows what potter migrate writes", async () => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  project = createProject({ "proto/items.proto": header("potter/options.proto") + old + requests });
  expect(await main(["migrate"], project.folder)).toBe(0);
  expect(project.read("proto/items.proto")).toBe(header("potter/v1/options.proto") + rewritten + requests);
});

it("shows a complete contract", () => {
  const messages = rewritten.slice(rewritten.indexOf("message Item {"));
  const text = `${header("potter/v1/options.proto")}import "google/api/annotations.proto";\n${completed}${messages}${requests}`;
  expect(diagnosticsOf(compileProto({ "items.proto": text }))).toEqual([]);
});
