import { expect, it } from "vitest";
import { eventType } from "../codegen/index.js";
import { createClient } from "../index.js";
import { answer, scripted } from "../scripted-transport.fixture.js";
import { placeOrder } from "../shop.fixture.js";

const event = [eventType("test.v1.Shipped")];

it("a client without a limit has none for commands that wait, and for waits", async () => {
  const transport = scripted(answer({}), answer({}), answer({}));
  const client = createClient({ transport, timeout: 0 });
  await placeOrder(client, {}).until({ event }, { within: 100 });
  await placeOrder(client, {}, { timeout: 5_000 }).until({ event }, { within: 100 });
  await client.wait("t", { within: 100 });
  expect(transport.calls.map(({ timeout }) => timeout && Math.ceil(timeout / 1_000))).toEqual([
    undefined,
    5,
    undefined,
  ]);
});
