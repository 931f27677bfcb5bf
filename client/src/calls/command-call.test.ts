import { describe, expect, it } from "vitest";
import { eventType } from "../codegen/index.js";
import { createClient } from "../index.js";
import { answer, type Step, scripted } from "../scripted-transport.fixture.js";
import { getOrder, placeOrder } from "../shop.fixture.js";

function start(...steps: readonly Step[]) {
  const transport = scripted(...steps);
  return { transport, client: createClient({ transport, retry: false }) };
}

const given = { commandId: "c", expectedVersion: 1, correlationId: "x", headers: { "x-tenant": "north" } };
const sent = { "idempotency-key": "c", "if-match": '"1"', "x-correlation-id": "x", "x-tenant": "north" };
const { "idempotency-key": id, "if-match": match, ...ofAll } = sent;

describe("the options of a command that waits", () => {
  it("are those of the wait too, but for its id and version, which a query has not", async () => {
    const reached = { "potter-state": "reached", "potter-wait-token": "t", "potter-event": "shop.v1.Paid" };
    const { client, transport } = start(
      answer({}, reached),
      answer({ state: "WAIT_STATE_REACHED", event: "shop.v1.Paid", data: { by: "card" } }),
    );
    const outcome = await placeOrder(client, {}, given).until({ event: [eventType("shop.v1.Paid")] }, { within: 5 });
    expect(outcome).toMatchObject({ event: { typeName: "shop.v1.Paid", data: { by: "card" } } });
    expect(transport.calls.map(({ headers }) => headers)).toEqual([
      { ...sent, "potter-wait-for": "shop.v1.Paid", "potter-wait": "5" },
      { ...ofAll, "potter-wait": "0" },
    ]);
  });

  it("are those of the view that the client looks at", async () => {
    const { client, transport } = start(answer({}, { "potter-position": "p" }), answer({ orderId: "1" }));
    const outcome = await placeOrder(client, {}, { ...given, timeout: 3_000 }).until({
      view: getOrder,
      request: { orderId: "1" },
      where: () => true,
    });
    expect(outcome).toMatchObject({ state: "reached", view: { orderId: "1" } });
    expect(transport.calls.map(({ headers }) => headers)).toEqual([
      { ...sent, "potter-after": "0" },
      { ...ofAll, "potter-after": "p" },
    ]);
  });
});
