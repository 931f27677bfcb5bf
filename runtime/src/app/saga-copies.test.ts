// Objects that belong to the code of a service: sagas keep copies of them.
import { expect, it } from "vitest";
import { command, Trip } from "../saga/saga.fixture.js";
import { addPaid, describeSagas, paid } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

interface Amount {
  value: number;
}

describeSagas("objects that a service changes", (given) => {
  it("are stored as they were when the saga was started", async () => {
    const { open, name, status, stateOf } = given();
    const app = open(declare([command("hotel")], { name }));
    await app.start();
    const data = Trip.create({ id: "1", email: "one", stops: ["a"] }) as unknown as {
      id: string;
      email: string;
      stops: string[];
    };
    const first = app.saga(name).start(data);
    data.id = "2";
    data.email = "two";
    data.stops.push("b");
    const second = app.saga(name).start(data);
    expect((await Promise.all([first, second])).map(({ id }) => id)).toEqual(["1", "2"]);
    for (const id of ["1", "2"]) await status(app, id).toBe("completed");
    expect((await stateOf(app, "1"))?.data).toMatchObject({ id: "1", email: "one", stops: ["a"] });
    expect((await stateOf(app, "2"))?.data).toMatchObject({ id: "2", email: "two", stops: ["a", "b"] });
  });

  it("are not mixed up by events that start sagas at the same time", async () => {
    const { open, name, pay, status, stateOf } = given();
    const { event: startsOn } = paid("paid");
    const shared = Trip.create({}) as { id: string; email: string };
    const start = ({ value }: Amount) => {
      shared.id = String(value);
      shared.email = `${value}@example.com`;
      return shared;
    };
    const app = open(declare([command("hotel")], { name, startsOn }, { start }));
    await app.start();
    // All of them are in one batch then.
    const consumer = app.projection(`saga:${name}`);
    await consumer.pause();
    for (const id of ["11", "12", "13"]) await pay(app, id, id === "12" ? "b" : "a");
    await consumer.resume();
    for (const id of ["11", "12", "13"]) {
      await status(app, id).toBe("completed");
      expect((await stateOf(app, id))?.data).toMatchObject({ id, email: `${id}@example.com` });
    }
  });

  it("are no event that a step of the saga waits for as well", async () => {
    const { open, name, pay, status, stateOf } = given();
    const wait = paid("paid");
    const start = (amount: Amount, { stream }: { readonly stream: { id: string } }) => {
      const id = String(amount.value);
      amount.value = 0;
      stream.id = "changed";
      return { id };
    };
    const part = declare([wait], { name, startsOn: wait.event }, { start: start as never, steps: { paid: addPaid } });
    const app = open(part);
    await app.start();
    await pay(app, "21");
    await status(app, "21").toBe("completed");
    expect((await stateOf(app, "21"))?.data.log).toEqual(["paid 21"]);
  });
});
