// The table of changes against the runtime: a client of the base sends its requests to a service of the changed contract.
import { memory } from "@potter/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../../../../generator/src/testing/index.js";
import { callerChanges } from "./caller-changes.fixture.js";
import type { ContractChange } from "./change.fixture.js";
import { generateServices, load, Service } from "./service.fixture.js";
import { after, before, changes, changesToRun } from "./table.fixture.js";

/** Changes that break something else than the responses to these requests, and why. */
const unnoticed: Readonly<Record<string, string>> = {
  "an rpc is renamed": "callers in the process and GraphQL use its name, REST does not",
  "a command becomes a query": "it still answers at its path",
  "a command addresses another aggregate": "REST serves the command at another path than these",
  "a command has another id": "the path sets the same field as before",
  "a request has a tenant": "a request without a tenant comes from a caller without one",
  "there is no body any more": "the body is ignored, and what it says is lost",
};

const chosen = changesToRun(callerChanges, ({ name, marks }) =>
  JSON.stringify([marks.rest, marks.commands, marks.wire, unnoticed[name]]),
);
const numbers = chosen.map((change) => changes.indexOf(change));
let old: Project;
let now: Project;

const note = "n".repeat(50);
const line = { sku: "cup", pieces: 3 };
const order = { orderId: "o1", note, lines: [line], channel: "CHANNEL_SHOP", label: "abc" };

/** What a client of the base sends, in this order. */
const requests: readonly (readonly [method: string, path: string, body?: object])[] = [
  ["POST", "/v1/orders/o9:cancel", { reason: "too early" }],
  ["POST", "/v1/orders", order],
  ["POST", "/v1/orders", order],
  ["POST", "/v1/orders", { orderId: "o2", note: "too large" }],
  ["POST", "/v1/orders/o1:touch", { alias: "x" }],
  ["POST", "/v1/touch/o1", { alias: "x" }],
  ["POST", "/v1/orders/o1:cancel", { reason: "late" }],
  ["GET", "/v1/orders/o1"],
];

/** Sends the requests, and returns the status and JSON of each response. Ids of requests and times differ, so they are left out. */
async function send(project: Project, at: number): Promise<readonly string[]> {
  const { app } = new Service(await load(project, at), memory());
  const transcript: string[] = [];
  try {
    for (const [method, path, body] of requests) {
      const init = {
        method,
        ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      };
      const response = await app.fetch(new Request(`http://localhost${path}`, init));
      const text = await response.text();
      const json = response.headers.get("content-type")?.includes("problem") ? "" : text;
      transcript.push(`${method} ${path}: ${response.status} ${json}`);
    }
  } finally {
    await app.stop();
  }
  return transcript;
}

/** Whether clients of REST notice it, as the marks say. */
function isBreaking({ marks }: ContractChange): boolean {
  return [marks.rest, marks.commands, marks.wire].includes("breaking");
}

describe("requests of existing clients, to a service whose contract has changed", () => {
  beforeAll(async () => {
    [old, now] = await Promise.all([generateServices(before, numbers), generateServices(after, numbers)]);
  });
  afterAll(() => {
    old.remove();
    now.remove();
  });

  it.each(chosen.map((change, index) => [change.name, change, numbers[index] as number] as const))(
    "%s",
    async (_, change, at) => {
      const [expected, found] = [await send(old, at), await send(now, at)];
      const marks = Object.values(change.marks);
      if (isBreaking(change) && unnoticed[change.name] === undefined) expect(found).not.toEqual(expected);
      // What is dangerous can go either way.
      else if (!marks.includes("dangerous")) expect(found).toEqual(expected);
    },
  );
});
