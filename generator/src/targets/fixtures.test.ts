// The output of each target for each scenario in fixtures/, byte by byte. RECORD=true records it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import {
  emitAsyncApi,
  emitClients,
  emitCqrs,
  emitGraphQL,
  emitOpenApi,
  emitSagas,
  readTree,
  requestScenario,
  root,
  scenarios,
  type Texts,
  turnAround,
} from "../testing/index.js";

const recording = process.env["RECORD"] === "true";

/** The output, by folder. */
const outputs: Readonly<Record<string, (request: CodeGeneratorRequest) => Texts>> = {
  es: (request) => ({ ...emitCqrs(request, "es"), ...emitSagas(request, "es") }),
  "ts-proto": (request) => ({ ...emitCqrs(request, "ts-proto"), ...emitSagas(request, "ts-proto", "none") }),
  client: (request) => emitClients(request),
  "client-es": (request) => emitClients(request, "es"),
  "client-ts-proto": (request) => emitClients(request, "ts-proto"),
  asyncapi: (request) => emitAsyncApi(request),
  "asyncapi-websocket": (request) => emitAsyncApi(request, { websocket: "on" }),
  graphql: (request) => emitGraphQL(request),
  "openapi-3.0": (request) => emitOpenApi(request, { version: "3.0" }),
  "openapi-3.1": (request) => emitOpenApi(request, { version: "3.1", output: "file" }),
  "openapi-3.2": (request) => emitOpenApi(request, { version: "3.2", format: "json" }),
  "openapi-waits": (request) => emitOpenApi(request, { waits: "on" }),
};

/** The outputs that differ by the kinds of methods only, which one scenario has. */
const scenariosOf = (output: string): readonly string[] =>
  output === "asyncapi-websocket" ? ["streaming"] : output === "openapi-waits" ? ["annotated"] : scenarios;

test("the scenarios are those that the targets support", () => {
  expect(scenarios).toEqual([
    "annotated",
    "cyclic-files",
    "editions-2023",
    "editions-2024",
    "event-catalogue",
    "graphql-options",
    "hostile-names",
    "oneofs-maps-nested-imports",
    "proto2",
    "sagas",
    "streaming",
    "unannotated",
    "well-known-types",
  ]);
});

describe.each(Object.entries(outputs))("%s", (name, emit) => {
  test.each(scenariosOf(name))("of %s is exactly what is recorded", (scenario) => {
    const files = emit(requestScenario(scenario));
    const folder = join(root, "fixtures", scenario, "expected", name);
    if (recording) record(folder, files);
    // Only AsyncAPI documents may be absent.
    if (name !== "asyncapi") expect(Object.keys(files)).not.toEqual([]);
    expect(readTree(folder)).toEqual(files);
  });

  test.each(scenariosOf(name))("of %s has the same bytes whatever the order of its files", (scenario) => {
    const request = requestScenario(scenario);
    const once = JSON.stringify(emit(request));
    expect(JSON.stringify(emit(request))).toBe(once);
    expect(JSON.stringify(emit(turnAround(request)))).toBe(once);
  });
});

function record(folder: string, files: Texts): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
