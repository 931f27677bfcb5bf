// A step with very many elements. The row of its saga is large, so it counts how often that is written.
import { expect, it } from "vitest";
import { command, type Trip } from "../saga/saga.fixture.js";
import { CountedRows } from "./counted-rows.fixture.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const stops = Array.from({ length: 1_000 }, (_, i) => `s${i}`);
/** The responses of all elements would make the data of the saga large. */
const behaviour = { steps: { visit: { response: (data: Trip) => data } } };

describeSagas("a step with very many elements", (given) => {
  it("writes the row of its saga once for many outcomes", async () => {
    const { open, name, outside, store, stateOf, status } = given();
    const counted = new CountedRows(store.rows);
    const app = open(declare([command("visit", { forEach: true })], { name }, behaviour), {
      rows: counted.rows,
      // No lease is extended meanwhile.
      options: { lease: 600_000 },
    });
    await app.start();
    await app.saga(name).start({ id: "t1", stops });
    await status(app, "t1").toBe("completed");
    expect(outside.log).toHaveLength(stops.length);
    expect(new Set(outside.log)).toEqual(new Set(stops.map((stop) => `visit ${stop}`)));
    const { count, sizes } = counted.of("potter.sagas.");
    // One for each outcome would be 1,001 rows, which have more than 100 kB at first: more than 90 MB.
    expect(count).toBeLessThanOrEqual(40);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(6_000_000);
    // Requests leave the row with the outcomes of their commands.
    expect(sizes.at(-1)).toBeLessThan((sizes[0] ?? 0) / 2);
    expect(app.sagas.transitions).toBe(stops.length + 1);
    expect((await stateOf(app, "t1"))?.steps[0]?.status).toBe("done");
  });

  it("is undone by few writes too", async () => {
    const { open, name, outside, store, status } = given();
    const counted = new CountedRows(store.rows);
    const steps = [command("visit", { forEach: true }), command("end", { after: ["visit"] })];
    const app = open(declare(steps, { name }, behaviour), {
      rows: counted.rows,
      // No lease is extended meanwhile.
      options: { lease: 600_000 },
    });
    await app.start();
    outside.refuse("end");
    await app.saga(name).start({ id: "t1", stops });
    await status(app, "t1").toBe("compensated");
    expect(outside.log.filter((what) => what.startsWith("undo visit"))).toHaveLength(stops.length);
    expect(counted.of("potter.sagas.").count).toBeLessThanOrEqual(80);
  });
});
