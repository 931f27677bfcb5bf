import { expect, it } from "vitest";
import { createClient } from "../index.js";
import { answer, scripted } from "../scripted-transport.fixture.js";
import { placeOrder } from "../shop.fixture.js";

it.each([
  [Number.POSITIVE_INFINITY, "600000"],
  [0.5, "1"],
  [0, "0"],
])("a wait within %s is sent as whole milliseconds that servers can read", async (within, sent) => {
  const transport = scripted(answer({}), answer({}));
  const client = createClient({ transport });
  await placeOrder(client, {}).until({ applied: [] }, { within });
  await client.wait("t", { within });
  expect(transport.calls.map(({ headers }) => headers["potter-wait"])).toEqual([sent, sent]);
});
