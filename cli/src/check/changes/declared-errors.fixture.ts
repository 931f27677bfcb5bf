// The table of changes against the runtime: what a client of the base reads of a declared error of the changed contract.
import { memory } from "@potter/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../../../../generator/src/testing/index.js";
import { clientChanges } from "./client-changes.fixture.js";
import { generateServices, load, Service } from "./service.fixture.js";
import { after, before, changes } from "./table.fixture.js";

const chosen = clientChanges.filter(({ name }) => /^(an error|a field (of|is added to) an error)/.test(name));
const numbers = chosen.map((change) => changes.indexOf(change));
let old: Project;
let now: Project;

/** What a client of the base knows of an error. */
interface KnownError {
  readonly type: string | undefined;
  readonly error: { readonly limit: number | undefined } | undefined;
}

async function readError(project: Project, at: number): Promise<KnownError> {
  const { app } = new Service(await load(project, at), memory());
  const body = JSON.stringify({ orderId: "o1", note: "too large" });
  const headers = { "content-type": "application/json" };
  const response = await app.fetch(new Request("http://localhost/v1/orders", { method: "POST", headers, body }));
  const { type, error } = (await response.json()) as KnownError;
  await app.stop();
  return { type, error: { limit: error?.limit } };
}

describe("a declared error, to a client of the contract before it has changed", () => {
  beforeAll(async () => {
    [old, now] = await Promise.all([generateServices(before, numbers), generateServices(after, numbers)]);
  });
  afterAll(() => {
    old.remove();
    now.remove();
  });

  it.each(chosen.map((change, index) => [change.name, change, numbers[index] as number] as const))(
    "%s",
    async (_, { marks }, at) => {
      const expected = await readError(old, at);
      expect(expected).toEqual({ type: `urn:proto:c${at}.TooLarge`, error: { limit: 1 } });
      const found = await readError(now, at);
      if (Object.keys(marks).length > 0) expect(found).not.toEqual(expected);
      else expect(found).toEqual(expected);
    },
  );
});
