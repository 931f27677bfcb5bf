// The table of changes against the runtime: a saga of the base is in flight, a service of the changed contract reads its row.
import { PGlite } from "@electric-sql/pglite";
import { pglite } from "@potter/runtime/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../../../../generator/src/testing/index.js";
import { processChanges } from "./process-changes.fixture.js";
import { generateServices, load, Service } from "./service.fixture.js";
import { after, before, changes } from "./table.fixture.js";

/** What the runtime says about the row of an instance whose first step is complete, by the name of the change. */
const outcomes: Readonly<Record<string, "problems" | "none" | "unknown">> = {
  "a saga is renamed": "unknown",
  "a step is removed": "problems",
  "a step is renamed": "problems",
  "a step is added without a new version": "problems",
  "a step is added with a new version": "none",
  "a step is removed with a new version": "none",
};
const chosen = processChanges.filter(({ name }) => outcomes[name] !== undefined);
const numbers = chosen.map((change) => changes.indexOf(change));
let database: PGlite;
let old: Project;
let now: Project;

/** The behaviour of a saga, whatever its steps are called. */
// biome-ignore lint/suspicious/noExplicitAny: the contracts of the table have different types
function behaviourOf(saga: any): object {
  const steps = Object.entries<{ kind: string; compensation?: unknown }>(saga.definition.steps);
  const command = ({ orderId, sku }: { orderId: string; sku: string }) => ({ orderId, sku });
  const compensation = ({ sku }: { sku: string }) => ({ sku });
  return saga.saga({
    steps: Object.fromEntries(
      steps.flatMap(([name, step]) =>
        step.kind === "command" ? [[name, { command, ...(step.compensation !== undefined && { compensation }) }]] : [],
      ),
    ),
  });
}

async function open(project: Project, at: number): Promise<Service> {
  const contract = await load(project, at);
  const saga = contract["Checkout"];
  const service = new Service(contract, pglite({ database }), saga === undefined ? [] : [behaviourOf(saga)]);
  await service.app.start();
  return service;
}

describe("a saga in flight, under a contract that has changed", () => {
  beforeAll(async () => {
    [database, old, now] = await Promise.all([
      PGlite.create(),
      generateServices(before, numbers),
      generateServices(after, numbers),
    ]);
  });
  afterAll(async () => {
    await database.close();
    old.remove();
    now.remove();
  });

  it.each(chosen.map((change, index) => [change.name, change, numbers[index] as number] as const))(
    "%s",
    async (name, { marks }, at) => {
      const first = await open(old, at);
      const running = first.app.saga(first.contract["Checkout"]);
      await running.start({ orderId: "o1", sku: "s1", memo: "m" });
      await expect
        .poll(async () => (await running.get("o1"))?.steps.find((step) => step.name === "reserve")?.status)
        .toBe("done");
      await first.app.stop();
      const second = await open(now, at);
      try {
        const saga = second.contract["Checkout"];
        const report = saga === undefined ? undefined : await second.app.saga(saga).verify();
        expect(report?.checked ?? 1).toBe(1);
        const found = report === undefined ? "unknown" : report.problems.length > 0 ? "problems" : "none";
        expect(found).toBe(outcomes[name]);
        expect(marks.sagas).toBe(found === "none" ? undefined : "breaking");
      } finally {
        await second.app.stop();
      }
    },
  );
});
