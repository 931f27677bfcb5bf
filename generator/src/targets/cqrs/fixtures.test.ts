// What the target writes for each scenario below fixtures/, byte by byte. RECORD=true writes it down anew.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  emitCqrs,
  messageLibraries,
  readTree,
  requestScenario,
  root,
  scenarios,
  turnAround,
} from "../../testing/index.js";

const recording = process.env["RECORD"] === "true";

test("the scenarios are those that the target promises to handle", () => {
  expect(scenarios).toEqual([
    "annotated",
    "cyclic-files",
    "editions-2023",
    "editions-2024",
    "hostile-names",
    "oneofs-maps-nested-imports",
    "proto2",
    "streaming",
    "unannotated",
    "well-known-types",
  ]);
});

describe.each(messageLibraries)("with messages=%s", (messages) => {
  test.each(scenarios)("%s gives the files that are recorded, no more and no less", (scenario) => {
    const files = emitCqrs(requestScenario(scenario), messages);
    const folder = join(root, "fixtures", scenario, "expected", messages);
    if (recording) record(folder, files);
    expect(Object.keys(files)).not.toEqual([]);
    expect(readTree(folder)).toEqual(files);
  });

  test.each(scenarios)("%s gives the same bytes again, whatever the order of its files", (scenario) => {
    const request = requestScenario(scenario);
    const once = JSON.stringify(emitCqrs(request, messages));
    expect(JSON.stringify(emitCqrs(request, messages))).toBe(once);
    expect(JSON.stringify(emitCqrs(turnAround(request), messages))).toBe(once);
  });
});

function record(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
