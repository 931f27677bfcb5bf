import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { WishedRows } from "./wished-rows.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("holds no event whose handler waits for a row", async () => {
  const { rows, event } = rehearse();
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  expect(rows.keys).toEqual(["a-1"]);
  expect(event.deref()).toBeUndefined();
});

/** In a function of its own, so that no variable of the test holds the event. */
function rehearse() {
  const rows = new WishedRows();
  const event = { accountId: "a-1", amount: 5n };
  const handle = async (deposited: typeof event) => {
    await rows.get(deposited.accountId);
    throw new Error(`goes on with ${deposited.amount}`);
  };
  void handle(event);
  return { rows, event: new WeakRef(event) };
}
