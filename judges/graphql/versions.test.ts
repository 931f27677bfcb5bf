// graphql 16 and 17: the generator writes the same by both, and what it writes answers the same on both.
import { spawnSync } from "node:child_process";
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
import { bundle, out } from "./bundle.js";

const versions = ["graphql", "graphql-17"] as const;

function run(program: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (stdout === "") throw new Error(stderr);
  return stdout;
}

/** The answers of the library of `fixtures/graphql-options`. */
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
  it("a contract answers the same on both", async () => {
    const [old, young] = (await Promise.all(versions.map((version) => ask(messages, version)))) as {
      [name: string]: unknown;
      wrong: string[];
    }[];
    // Each version has words of its own for what is wrong with an argument.
    expect({ ...young, wrong: [] }).toEqual({ ...old, wrong: [] });
    expect(young?.wrong.filter((message) => message !== "")).toHaveLength(old?.wrong.length ?? 0);
  });
});

it("the generator writes the same by both", async () => {
  const programs = await Promise.all(
    versions.map((version) => bundle(join(import.meta.dirname, "generate.mjs"), "generate", version)),
  );
  for (const scenario of scenarios) {
    const request = join(out, `${scenario}.binpb`);
    writeFileSync(request, toBinary(CodeGeneratorRequestSchema, requestScenario(scenario)));
    const [old, young] = programs.map((program) => run(program, request));
    expect(young).toBe(old);
    expect(old).toContain("schema.graphql");
  }
});
