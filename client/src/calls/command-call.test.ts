import { describe, expect, it } from "vitest";
import { command, eventType, query } from "../codegen/index.js";
import { type CommandOptions, createClient } from "../index.js";
import { answer, fail, type Step, scripted } from "../scripted-transport.fixture.js";

const named = { service: "test.v1.Orders" };
const ship = command<object, object>({ ...named, name: "Ship", repeat: "keyed" });
const get = query<object, { readonly state?: string }>({ ...named, name: "Get" });
const Shipped = eventType<{ readonly at?: string }>("test.v1.Shipped");

function start(...steps: readonly Step[]) {
  const transport = scripted(...steps);
  const sent = () => transport.calls.map(({ method, headers }) => ({ name: method.name, ...headers }));
  return { client: createClient({ transport, retry: false }), transport, sent };
}

describe("a command that waits for an event", () => {
  const reached = answer(
    {},
    { "potter-state": "reached", "potter-event": "test.v1.Shipped", "potter-wait-token": "t" },
  );
  const resumed = answer({ state: "WAIT_STATE_REACHED", event: "test.v1.Shipped", data: { at: "now" } });

  it.each<CommandOptions>([{ commandId: "k" }, { expectedVersion: 1 }, { expectedVersion: 0 }, { after: "p" }])(
    "asks for the event without what concerns the command: %j",
    async (options) => {
      const { client, sent } = start(reached, resumed);
      const shared = { correlationId: "c", headers: { "x-a": "1" } };
      const outcome = await ship(client, {}, { ...options, ...shared }).until({ event: [Shipped] });
      expect(outcome).toMatchObject({ event: { typeName: "test.v1.Shipped", data: { at: "now" } } });
      expect(sent()[1]).toEqual({ name: "Wait", "x-correlation-id": "c", "x-a": "1", "potter-wait": "0" });
    },
  );
});

describe("a command whose effect the client looks for", () => {
  const request = {};
  const where = ({ state }: { readonly state?: string }) => state === "shipped";

  it("asks the view for the position of the command, without what else concerns the command", async () => {
    const { client, sent } = start(answer({}, { "potter-position": "p" }), answer({ state: "shipped" }));
    const options = { commandId: "k", expectedVersion: 1, correlationId: "c", headers: { "x-a": "1" } };
    const outcome = await ship(client, {}, options).until({ view: get, request, where });
    expect(outcome).toMatchObject({ state: "reached", view: { state: "shipped" } });
    expect(sent()[0]).toMatchObject({ "idempotency-key": "k", "potter-after": "0" });
    expect(sent()[1]).toEqual({ name: "Get", "x-correlation-id": "c", "x-a": "1", "potter-after": "p" });
  });

  it("needs no waits of the service: the command is sent without asking for a position", async () => {
    const views = [answer({}), answer({ state: "shipped" })];
    const { client, sent } = start(fail("unimplemented"), answer({ done: true }), ...views);
    const call = ship(client, {}, { commandId: "k" });
    const outcome = await call.until({ view: get, request, where });
    expect(outcome).toMatchObject({ state: "reached", response: { done: true }, view: { state: "shipped" } });
    expect(await call).toEqual({ done: true });
    expect(sent()).toEqual([
      { name: "Ship", "idempotency-key": "k", "potter-after": "0" },
      { name: "Ship", "idempotency-key": "k" },
      { name: "Get" },
      { name: "Get" },
    ]);
  });

  it("fails if the service does not know the command, or cannot wait as it is asked to", async () => {
    const unknown = start(fail("unimplemented"), fail("unimplemented"));
    const looking = ship(unknown.client, {}).until({ view: get, request, where });
    await expect(looking).rejects.toMatchObject({ code: "unimplemented" });
    const { client, transport } = start(fail("unimplemented"));
    await expect(ship(client, {}).until({ event: [Shipped] })).rejects.toMatchObject({ code: "unimplemented" });
    expect(transport.calls.length).toBe(1);
  });
});
