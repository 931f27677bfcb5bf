// The shop responds alike on the oldest supported graphql-js, the newest 16, and 17, which executes differently.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle, run, versions } from "./bundle.js";

type Answers = Readonly<Record<string, unknown>>;

const program = join(import.meta.dirname, "ask-shop.ts");
let usual: Answers;

async function ask(version: (typeof versions)[number]): Promise<Answers> {
  const answers = run(await bundle(program, "ask-shop", version));
  // Ids and sealed cursors are others each time.
  return JSON.parse(
    answers.replaceAll(/("(?:correlationId|cursor|startCursor|endCursor)":\s*)"[^"]+"/g, '$1"…"'),
  ) as Answers;
}

beforeAll(async () => {
  usual = await ask("graphql");
});

it("the shop returns the recorded responses", () => {
  expect(usual).toMatchSnapshot();
});

describe.each(versions.filter((version) => version !== "graphql"))("on %s", (version) => {
  it("the shop returns the same responses", async () => {
    expect(await ask(version)).toEqual(usual);
  });
});
