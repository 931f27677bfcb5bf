// What an app receives of a saga is its own: changing it changes nothing of the saga.
import { expect, it } from "vitest";
import { command, type Trip } from "../saga/saga.fixture.js";
import { describeSagas } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

describeSagas("data of a running saga", (given) => {
  it("is another object for each that reads it", async () => {
    const { open, name, outside, status, stateOf } = given();
    outside.hold("hotel");
    const app = open(declare([command("hotel"), command("flight", { after: ["hotel"] })], { name }));
    await app.saga(name).start({ id: "1", email: "ada@example.com" });
    await expect.poll(() => outside.log).toEqual(["hotel"]);
    const [one, two] = [await stateOf(app, "1"), await stateOf(app, "1")];
    expect(one?.data).not.toBe(two?.data);
    (one?.data as { -readonly [K in keyof Trip]: Trip[K] }).email = "changed";
    expect((await stateOf(app, "1"))?.data.email).toBe("ada@example.com");
    outside.release("hotel");
    await status(app, "1").toBe("completed");
    expect((await stateOf(app, "1"))?.data.email).toBe("ada@example.com");
  });
});
