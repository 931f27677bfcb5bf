import { describe, expect, it } from "vitest";
import type { DeciderPart } from "../aggregate/index.js";
import type { Logger } from "../cqrs/index.js";
import { memory } from "../store/memory/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { createMembers, createOrders, Order, type OrderTypes, place } from "./member.fixture.js";

interface State {
  readonly address: string;
  readonly member: string;
}

/** Orders whose address is a unique value. Their events name the member as their subject. */
function createUniqueOrders(declared: boolean): DeciderPart<State, OrderTypes> {
  const value = ({ address }: State) => (address === "" ? undefined : address);
  return Order.decider<State>({
    initial: () => ({ address: "", member: "" }),
    decide: {
      place: (_, { id = "", memberId = "", address = "" }) => [
        Order.event.placed({ id, memberId, address }),
        // Of another subject, in the same command.
        Order.event.placed({ id, memberId: `${memberId}'s neighbour`, address: "" }),
      ],
    },
    evolve: {
      placed: (state, { memberId: member = "", address = "" }) => (address === "" ? state : { address, member }),
    },
    reply: { place: ({ address }, { id = "" }) => ({ id, text: address }) },
    unique: { address: declared ? { value, subject: ({ member }) => member } : value },
    snapshot: { version: 1, encode: () => new Uint8Array(), decode: () => ({ address: "", member: "" }) },
  });
}

function listen() {
  const warnings: unknown[] = [];
  const ignore = () => {};
  const logger: Logger = { debug: ignore, info: ignore, warn: (...line) => warnings.push(line), error: ignore };
  return { logger, warnings };
}

describe("a unique value in an aggregate whose events name subjects", () => {
  it("is released when its subject is erased, but not when another one is", async () => {
    const { logger, warnings } = listen();
    const app = createApp({ parts: [createUniqueOrders(true)], store: memory(), logger });
    const placed = (id: string, memberId: string) => app.send(place, { id, memberId, address: "Markt 7" });
    await placed("1", "ada");
    await app.eraseSubject("ada's neighbour");
    await expect(placed("2", "bob")).rejects.toMatchObject({ code: "already_exists" });
    await app.eraseSubject("ada");
    await placed("2", "bob");
    await app.stop();
    expect(warnings).toEqual([]);
  });

  it("is not reserved for a subject that another process has erased, even while its key is cached", async () => {
    const store = memory();
    const [one, other] = [createUniqueOrders(true), createUniqueOrders(true)].map((part) =>
      createApp({ parts: [part], store }),
    ) as [App, App];
    const at = (id: string, memberId: string, address: string) => ({ id, memberId, address });
    await one.send(place, at("1", "ada", "Markt 7"));
    await other.eraseSubject("ada");
    await one.send(place, at("2", "ada", "Markt 8"));
    await other.send(place, at("3", "bob", "Markt 8"));
    await expect(one.send(place, at("4", "ada", "Markt 9"))).rejects.toMatchObject({ code: "failed_precondition" });
    await other.stop();
    await one.stop();
  });

  it("is logged at start if it declares no subject", async () => {
    const { logger, warnings } = listen();
    const app = createApp({ parts: [createUniqueOrders(false), createMembers()], store: memory(), logger });
    await app.start();
    await app.stop();
    expect(warnings).toEqual([
      [
        "a unique value declares no data subject",
        {
          aggregate: "Order",
          unique: "address",
          fix: "declare it as { value, subject }, with the subject as the events name it",
        },
      ],
    ]);
  });

  it("is not logged at start if there is none", async () => {
    const { logger, warnings } = listen();
    const app = createApp({ parts: [createOrders()], store: memory(), logger });
    await app.start();
    await app.stop();
    expect(warnings).toEqual([]);
  });
});
