import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { RowPrefetch } from "./row-prefetch.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("does not retain events whose handlers await a row", async () => {
  const { rows, event } = prefetch();
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  expect(rows.keys).toEqual(["a-1"]);
  expect(event.deref()).toBeUndefined();
});

/** A separate function, so that no variable of the test retains the event. */
function prefetch() {
  const rows = new RowPrefetch();
  const event = { accountId: "a-1", amount: 5n };
  const handle = async (deposited: typeof event) => {
    await rows.get(deposited.accountId);
    throw new Error(`continued with ${deposited.amount}`);
  };
  void handle(event);
  return { rows, event: new WeakRef(event) };
}
