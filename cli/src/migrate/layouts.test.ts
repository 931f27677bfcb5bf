// Whatever layout users have: no comment is lost, a second run has nothing to do, and all targets generate the same files.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { asyncapi, cqrs, generate, graphql, openapi, saga } from "../../../generator/src/index.js";
import { compileLegacy, type ProtoFiles } from "../../../generator/src/testing/index.js";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";

const files = Number(process.env["MIGRATE_CASES"] ?? (process.env["POTTER_FULL"] === "true" ? 600 : 60));
const seed = Number(process.env["MIGRATE_SEED"] ?? 24);

/** Chooses numbers below a limit; the same for the same seed. */
function createRandom(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Writes a file in a random layout. Each of its comments has a number. */
function randomFile(random: (limit: number) => number, index: number): string {
  const lineBreak = random(3) === 0 ? "\r\n" : "\n";
  const indent = random(3) === 0 ? "\t" : "  ";
  const isWild = random(2) === 0;
  let comments = 0;
  const one = <T>(...choices: readonly T[]): T => choices[random(choices.length)] as T;
  const some = <T>(...choices: readonly T[]): readonly T[] => choices.filter(() => random(3) > 0);
  const comment = (): string => `c${index}_${comments++};`;
  const line = (): string => `// ${comment()}\n`;

  /** What separates two tokens. */
  const gap = (isNeeded: boolean): string => {
    if (!isWild) return isNeeded ? " " : "";
    const chosen = random(12);
    if (chosen === 0) return `\n${indent}${indent}`;
    if (chosen === 1) return ` /* ${comment()} */ `;
    if (chosen === 2) return ` ${line()}`;
    return isNeeded || chosen === 3 ? " " : "";
  };
  const spread = (statement: string): string => {
    const tokens = statement.match(/"[^"]*"|\w+(?:\.\w+)*|[^\s\w]/g) ?? [];
    return tokens.map((token, at) => (at === 0 ? token : `${gap(/^\w/.test(token))}${token}`)).join("");
  };
  /** An option with its fields, in one of the ways to write one. */
  const option = (name: string, fields: readonly string[]): string => {
    const depth = `${indent}${indent}`;
    const how = random(4);
    if (how === 0 && fields.length > 0 && !fields.some((field) => /[[{]/.test(field))) {
      return fields.map((field) => spread(`option (potter.${name}).${field.replace(":", " =")};`)).join("\n");
    }
    if (how === 1) return spread(`option (potter.${name}) = {${fields.join(one(", ", " ", "; "))}};`);
    const separator = one(",", "", "");
    const lines = fields.map((field, at) => {
      const above = random(5) === 0 ? `${depth}${line()}` : "";
      const isLast = at === fields.length - 1;
      return `${above}${depth}${field}${isLast ? one("", separator) : separator}${random(5) === 0 ? ` // ${comment()}` : ""}\n`;
    });
    return `option (potter.${name}) = {\n${lines.join("")}${indent}};`;
  };
  const above = (): string => (random(4) === 0 ? `${indent}${line()}` : "");
  const behind = (): string => one("\n", "\n", "\n\n", ` // ${comment()}\n`, ` /* ${comment()} */\n`);
  const element = (statement: string): string => `${above()}${indent}${statement}${behind()}`;
  const doc = (): string => (random(2) === 0 ? line() : "");

  const service = some('module_name: "m"', 'transport: ["REST", "NATS"]', 'openapi_info: {title: "T" version: "2"}');
  const command = [
    'aggregate: "Item"',
    ...some("async: true", "idempotent: true", "timeout_seconds: 30", 'tags: ["a", "b"]'),
  ];
  const query = some(
    "cacheable: true",
    "cache_ttl_seconds: 60",
    'read_model: "Rows"',
    'summary: "Reads"',
    "deprecated: true",
  );
  const aggregate = ['name: "Item"', ...some('repository: "postgres"')];
  const event = ['aggregate: "Item"', ...some(`event_type: "item${index}.created"`, "version: 2")];
  const error = some('error_code: "X"', "retryable: true");
  const text = `syntax = "proto3";
package p${index};
${one("", line())}import "potter/options.proto";${one("\n", "\n\n", ` // ${comment()}\n`)}${doc()}service Items {
${random(2) === 0 ? element(option("service", service)) : ""}${indent}${doc()}${indent}rpc CreateItem(New) returns (Item) {
${element(option("command", command))}${indent}}
${indent}${doc()}${indent}rpc GetItem(Id) returns (Item) { ${option("query", query)} }
}
message New { string title = 1; }
message Id { string id = 1; }
${doc()}message ItemRoot {
${element(option("aggregate", aggregate))}${indent}string id = 1;
}
${doc()}message Item { string id = 1; Price price = 2; }
message ItemCreated {
${indent}string title = 1;
${element(option("event", event))}}
message ItemRefused { ${option("error_event", error)} string why = 1; }
message Price {
${element(option("value_object", []))}${indent}${doc()}${indent}int64 units = 1;
}
`;
  return `${random(8) === 0 ? "\ufeff" : ""}${text.replaceAll("\n", lineBreak)}`;
}

/** All files of all targets for a contract. */
function generateAll(contract: ProtoFiles): unknown {
  const all = [cqrs, saga, openapi, asyncapi, graphql].map((target) => ({ target, options: {} }));
  const { files: generated, diagnostics } = generate(compileLegacy(contract), all, "test");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return generated.map(({ name, content }) => [name, content]);
}

let project: TestProject;
const out: string[] = [];
beforeEach(() => {
  project = createProject();
  project.remove("proto/bank");
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => out.push(String(text)));
});
afterEach(() => project.delete());

it(`rewrites ${files} files in random layouts`, async () => {
  const random = createRandom(seed);
  const before = Array.from({ length: files }, (_, index) => randomFile(random, index));
  const nameOf = (index: number): string => `p${index}.proto`;
  for (const [index, text] of before.entries()) project.write(`proto/${nameOf(index)}`, text);

  await main(["migrate", "--json"], project.folder);
  const result = JSON.parse(out.join("\n")) as {
    readonly refused: readonly { readonly path: string; message: string }[];
  };
  expect(result.refused.map(({ path, message }) => `${message}\n${project.read(path)}`)).toEqual([]);
  const after = before.map((_, index) => project.read(`proto/${nameOf(index)}`));
  for (const [index, text] of after.entries()) {
    const old = before[index] ?? "";
    const comments = (one: string): readonly string[] => (one.match(/c\d+_\d+;/g) ?? []).toSorted();
    expect(comments(text), `${old}\n=====\n${text}`).toEqual(comments(old));
    expect(text).not.toMatch(/\(\s*potter\.(?!v1)/);
    expect(/(?<!\r)\n/.test(text)).toBe(/(?<!\r)\n/.test(old));
    expect(text.startsWith("\ufeff")).toBe(old.startsWith("\ufeff"));
  }

  const contract = (texts: readonly string[]): ProtoFiles =>
    Object.fromEntries(texts.map((text, index) => [nameOf(index), text]));
  expect(generateAll(contract(after))).toEqual(generateAll(contract(before)));

  out.length = 0;
  await main(["migrate"], project.folder);
  expect(after.map((_, index) => project.read(`proto/${nameOf(index)}`))).toEqual(after);
}, 300_000);
