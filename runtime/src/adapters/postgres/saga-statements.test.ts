// How many statements sagas of local steps take. The counts do not depend on the speed of the machine.
import { expect, it, onTestFinished } from "vitest";
import { createAccount, deposit, open, withdraw } from "../../aggregate/account.fixture.js";
import { createApp } from "../../app/index.js";
import { declare } from "../../app/sagas.fixture.js";
import { command, type Trip } from "../../saga/saga.fixture.js";
import { url } from "./postgres.fixture.js";
import { openCounted } from "./statements.fixture.js";

/** Opens two accounts, and gives money to the second one. */
function opening() {
  const first = command("first", { command: open as never, compensation: withdraw as never });
  const second = command("second", { after: ["first"], command: open as never, compensation: withdraw as never });
  const give = command("give", { after: ["second"], command: deposit as never, compensation: withdraw as never });
  const of = (name: string) => ({ command: ({ id }: Trip) => ({ value: `${name}-${id}:5` }), response: undefined });
  return declare([first, second, give], {}, { steps: { first: of("a"), second: of("b"), give: of("b") } as never });
}

it.skipIf(url === undefined)("sagas of local steps take one statement each, and share it", async () => {
  const { store, statements } = await openCounted();
  const app = createApp({ store, parts: [createAccount(), opening()] });
  onTestFinished(() => app.stop());
  await app.start();
  const sagas = app.saga("trips.v1.Trip");
  const writes = () => statements.filter((name) => /append|transact|potter_row|BEGIN|load/.test(name));
  statements.length = 0;
  expect(await sagas.run({ id: "one" })).toMatchObject({ status: "completed" });
  expect(writes()).toEqual(["potter_append_units"]);
  // A busy machine can wake callers one by one, which then form smaller groups.
  const callers = 16;
  let perSaga = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10 && perSaga > 0.5; round++) {
    statements.length = 0;
    const ends = await Promise.all(Array.from({ length: callers }, (_, i) => sagas.run({ id: `s${round}-${i}` })));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["completed"]));
    perSaga = writes().length / callers;
  }
  expect(perSaga).toBeLessThanOrEqual(0.5);
  expect((await app.send(deposit, { value: "b-s0-3:1" })).value).toBe(6);
});
