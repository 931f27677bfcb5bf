// The code of docs/guides/fsm.md.
import { defineMachine, runMachine, toMermaid } from "@potter/runtime/fsm";
import { expect, it } from "vitest";

interface Delivery {
  state: "waiting" | "underway" | "delivered" | "returned";
  event: { type: "depart"; courier: string } | { type: "arrive" } | { type: "miss" } | { type: "cancel" };
  data: { readonly courier: string; readonly missed: number };
  action: { type: "notify"; text: string };
}

const delivery = defineMachine<Delivery>()({
  name: "delivery",
  initial: "waiting",
  states: {
    waiting: {
      on: { depart: { to: "underway", update: (data, { courier }) => ({ ...data, courier }) } },
    },
    underway: {
      onEntry: ({ courier }) => [{ type: "notify", text: `${courier} is on the way` }],
      on: {
        arrive: "delivered",
        miss: [
          { when: ({ missed }) => missed === 2, label: "third time", to: "returned" },
          { update: (data) => ({ ...data, missed: data.missed + 1 }) },
        ],
      },
    },
    delivered: { final: true },
    returned: { final: true },
  },
  anyState: { cancel: "returned" },
});

it("is a pure function", () => {
  const { snapshot } = delivery.start({ courier: "", missed: 0 });
  const step = delivery.next(snapshot, { type: "depart", courier: "Kim" });

  expect(step).toMatchObject({
    kind: "taken",
    to: "underway",
    actions: [{ type: "notify", text: "Kim is on the way" }],
  });
  expect(delivery.next(snapshot, { type: "arrive" })).toMatchObject({ kind: "refused", reason: "no_transition" });
});

it("runs in memory", async () => {
  const sent: string[] = [];
  const notify = async (text: string): Promise<void> => {
    sent.push(text);
  };

  const running = runMachine(
    delivery,
    { courier: "", missed: 0 },
    { perform: ({ text }, send) => void notify(text).catch(() => send({ type: "cancel" })) },
  );
  running.send({ type: "depart", courier: "Kim" });
  running.send({ type: "arrive" });
  expect(running.snapshot.state).toBe("delivered");
  expect(running.history.map(({ event }) => event.type)).toEqual(["depart", "arrive"]);

  expect(sent).toEqual(["Kim is on the way"]);
});

it("gives up after the third time, or when an action fails", async () => {
  const running = runMachine(
    delivery,
    { courier: "", missed: 0 },
    {
      perform: (_, send) => {
        Promise.resolve().then(() => send({ type: "cancel" }));
      },
    },
  );
  running.send({ type: "depart", courier: "Kim" });
  expect(running.snapshot.state).toBe("underway");
  await expect.poll(() => running.snapshot.state).toBe("returned");
  expect(running.send({ type: "arrive" })).toMatchObject([{ kind: "refused", reason: "final" }]);

  const missing = { state: "underway", data: { courier: "Kim", missed: 2 } } as const;
  expect(delivery.next(missing, { type: "miss" })).toMatchObject({ to: "returned" });
});

it("is drawn as the guide shows", () => {
  const diagram = toMermaid(delivery, { current: "underway" });

  expect(diagram).toMatchInlineSnapshot(`
    "stateDiagram-v2
      state "waiting" as s0
      state "underway" as s1
      state "delivered" as s2
      state "returned" as s3
      [*] --> s0
      s0 --> s3: cancel
      s0 --> s1: depart
      s1 --> s3: cancel
      s1 --> s2: arrive
      s1 --> s3: miss [third time]
      s1 --> s1: miss
      s2 --> [*]
      s3 --> [*]
      classDef current stroke-width:4px
      class s1 current
    "
  `);
});
