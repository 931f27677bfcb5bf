// With every version of graphql-js the generator writes the same files, and generated code returns the same responses.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  emitCqrs,
  emitGraphQL,
  emitMessages,
  messageLibraries,
  requestScenario,
  root,
  scenarios,
} from "../../generator/dist/testing/index.js";
import { bundle, out, run, versions } from "./bundle.js";

/** The responses of the app of `fixtures/graphql-options`. */
async function ask(messages: (typeof messageLibraries)[number], version: (typeof versions)[number]): Promise<object> {
  const request = requestScenario("graphql-options");
  const files = {
    ...emitMessages(request, messages),
    ...emitCqrs(request, messages),
    ...emitGraphQL(request, { output: "file" }),
    "app.ts": readFileSync(join(root, "fixtures/graphql-options/app.ts"), "utf8"),
    "main.ts": 'import { run } from "./app.js";\nconsole.log(JSON.stringify(await run()));\n',
  };
  const folder = join(out, `library-${messages}-${version}`);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return JSON.parse(run(await bundle(join(folder, "main.ts"), `library-${messages}`, version))) as object;
}

describe.each(messageLibraries)("with messages=%s", (messages) => {
  it("a contract returns the same responses on all versions", async () => {
    const [usual, ...others] = (await Promise.all(versions.map((version) => ask(messages, version)))) as {
      [name: string]: unknown;
      wrong: string[];
    }[];
    for (const other of others) {
      // The versions word errors of arguments differently.
      expect({ ...other, wrong: [] }).toEqual({ ...usual, wrong: [] });
      expect(other.wrong.filter((message) => message !== "")).toHaveLength(usual?.wrong.length ?? 0);
    }
  });
});

it("the generator writes the same files with all versions", async () => {
  const programs = await Promise.all(
    versions.map((version) => bundle(join(import.meta.dirname, "generate.mjs"), "generate", version)),
  );
  const requests = scenarios.map((scenario) => {
    const request = join(out, `${scenario}.binpb`);
    writeFileSync(request, toBinary(CodeGeneratorRequestSchema, requestScenario(scenario)));
    return request;
  });
  const [usual = [], ...others] = programs.map((program) => JSON.parse(run(program, ...requests)) as readonly object[]);
  expect(usual).toHaveLength(scenarios.length);
  for (const files of usual) expect(JSON.stringify(files)).toContain("schema.graphql");
  for (const other of others) expect(other).toEqual(usual);
});
