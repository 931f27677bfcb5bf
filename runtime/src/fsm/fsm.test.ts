import { describe, expect, it } from "vitest";
import { defineMachine, type MachineDefinition, runMachine, toMermaid } from "./index.js";

interface Door {
  state: "closed" | "open" | "locked" | "broken";
  event:
    | { type: "open" }
    | { type: "close" }
    | { type: "lock"; code: string }
    | { type: "unlock"; code: string }
    | { type: "kick"; force: number };
  data: { readonly code: string; readonly kicks: number };
  action: string;
}

const hasCode = ({ code }: Door["data"], event: { code: string }): boolean => event.code === code;

const definition: MachineDefinition<Door> = {
  name: "door",
  initial: "closed",
  states: {
    closed: {
      on: {
        open: "open",
        lock: {
          to: "locked",
          update: (data, { code }) => ({ ...data, code }),
          actions: ({ code }) => [`lock ${code}`],
        },
      },
      onEntry: (_, event) => [`enter closed by ${event?.type ?? "start"}`],
      onExit: ({ code }) => [`leave closed ${code}`],
    },
    open: { on: { close: "closed", open: { actions: () => ["still open"] } } },
    locked: {
      on: {
        unlock: [
          { when: hasCode, to: "closed" },
          { when: (_, { code }) => code === "master", label: "has the master key", to: "open" },
        ],
      },
    },
    broken: { final: true },
  },
  anyState: {
    kick: [
      { when: (_, { force }) => force > 9, label: "hard", to: "broken" },
      { update: (data) => ({ ...data, kicks: data.kicks + 1 }) },
    ],
  },
};
const door = defineMachine<Door>()(definition);
const none = { code: "", kicks: 0 };

describe("a machine", () => {
  it("starts in its initial state with the entry actions of that state", () => {
    expect(door.start(none)).toEqual({
      snapshot: { state: "closed", data: none },
      actions: ["enter closed by start"],
    });
  });

  it("returns actions of exit, transition and entry in this order, each with its data", () => {
    expect(door.next({ state: "closed", data: { code: "old", kicks: 0 } }, { type: "lock", code: "new" })).toEqual({
      kind: "taken",
      from: "closed",
      to: "locked",
      event: { type: "lock", code: "new" },
      snapshot: { state: "locked", data: { code: "new", kicks: 0 } },
      actions: ["leave closed old", "lock new"],
    });
  });

  it("takes the first transition whose guard holds", () => {
    const locked = { state: "locked", data: { code: "7", kicks: 0 } } as const;
    expect(door.next(locked, { type: "unlock", code: "7" })).toMatchObject({ kind: "taken", to: "closed" });
    expect(door.next(locked, { type: "unlock", code: "master" })).toMatchObject({ kind: "taken", to: "open" });
    const refused = door.next(locked, { type: "unlock", code: "8" });
    expect(refused).toMatchObject({ kind: "refused", reason: "guard", from: "locked" });
    expect(refused.snapshot).toBe(locked);
  });

  it("stays in its state without exit and entry when a transition names none", () => {
    expect(door.next({ state: "open", data: none }, { type: "open" })).toMatchObject({
      kind: "taken",
      from: "open",
      to: "open",
      actions: ["still open"],
    });
    expect(door.next({ state: "closed", data: none }, { type: "kick", force: 1 })).toMatchObject({
      snapshot: { state: "closed", data: { kicks: 1 } },
      actions: [],
    });
  });

  it("leaves and enters its state when a transition names it", () => {
    interface Loop {
      state: "on";
      event: { type: "again" };
      action: string;
    }
    const loop = defineMachine<Loop>()({
      name: "loop",
      initial: "on",
      states: { on: { on: { again: "on" }, onEntry: () => ["in"], onExit: () => ["out"] } },
    });
    expect(loop.next({ state: "on", data: undefined }, { type: "again" })).toMatchObject({ actions: ["out", "in"] });
  });

  it("takes transitions of any state where the state has none, and refuses all in final states", () => {
    expect(door.next({ state: "locked", data: none }, { type: "kick", force: 10 })).toMatchObject({ to: "broken" });
    expect(door.next({ state: "broken", data: none }, { type: "kick", force: 10 })).toMatchObject({ reason: "final" });
    expect(door.next({ state: "locked", data: none }, { type: "open" })).toMatchObject({ reason: "no_transition" });
    expect(door.isFinal("broken")).toBe(true);
    expect(door.isFinal("open")).toBe(false);
    expect(door.eventsOf("open")).toEqual(["kick", "close", "open"]);
    expect(door.eventsOf("broken")).toEqual([]);
  });

  it("lists its transitions as data", () => {
    expect(door.table.filter(({ from }) => from === "locked")).toEqual([
      { from: "locked", event: "kick", guard: "hard", to: "broken", internal: false },
      { from: "locked", event: "kick", to: "locked", internal: true },
      { from: "locked", event: "unlock", guard: "hasCode", to: "closed", internal: false },
      { from: "locked", event: "unlock", guard: "has the master key", to: "open", internal: false },
    ]);
    expect(door.unreachable).toEqual([]);
    const { anyState: _, ...unbreakable } = definition;
    expect(defineMachine<Door>()(unbreakable).unreachable).toEqual(["broken"]);
  });

  it("refuses a snapshot in a state that it does not have", () => {
    const stored = { state: "ajar" as "open", data: none };
    expect(() => door.next(stored, { type: "open" })).toThrow(
      expect.objectContaining({
        code: "failed_precondition",
        message: 'machine "door" has no state "ajar": expected "closed", "open", "locked", "broken"',
      }),
    );
  });

  it("passes on what a guard throws", () => {
    const throwing = defineMachine<Door>()({
      ...definition,
      anyState: {
        kick: {
          when: () => {
            throw new RangeError("no");
          },
        },
      },
    });
    expect(() => throwing.next({ state: "open", data: none }, { type: "kick", force: 1 })).toThrow(RangeError);
  });
});

it("is checked by its types", () => {
  const unchecked = (build: (define: (given: MachineDefinition<Door>) => unknown) => void) => build(() => {});
  unchecked((define) => {
    // @ts-expect-error: a state that does not exist
    define({ ...definition, initial: "ajar" });
    // @ts-expect-error: a missing state
    define({ ...definition, states: { closed: {}, open: {}, locked: {} } });
    // @ts-expect-error: a transition to a state that does not exist
    define({ ...definition, anyState: { kick: "ajar" } });
    // @ts-expect-error: an event that does not exist
    define({ ...definition, anyState: { push: "open" } });
    // @ts-expect-error: the event of an unlock has no force
    define({ ...definition, anyState: { unlock: { when: (_, { force }) => force > 1 } } });
  });
  // @ts-expect-error: an event without its payload
  door.next({ state: "open", data: none }, { type: "kick" });
});

describe("a definition is refused", () => {
  interface Any {
    state: string;
    event: { type: string };
  }
  it.each<[string, Partial<MachineDefinition<Any>>, string]>([
    ["without its initial state", { initial: "x" }, 'the initial state "x" is not one of its states'],
    [
      "with a transition to an unknown state",
      { states: { a: { on: { go: "x" } } } },
      'the transition of "a" on "go" leads to "x", which is not one of its states',
    ],
    [
      "with an unknown state for any state",
      { anyState: { go: { to: "toString" } } },
      'the transition of "a" on "go" leads to "toString", which is not one of its states',
    ],
    [
      "with a transition that is never taken",
      { states: { a: { on: { go: [{}, { to: "a" }] } } } },
      'the transition of "a" on "go" has transitions after one without a guard; they are never taken',
    ],
    [
      "with an empty list of transitions",
      { states: { a: { on: { go: [] } } } },
      'the transition of "a" on "go" is an empty list',
    ],
    [
      "with a final state that has transitions",
      { states: { a: { final: true, on: { go: "a" } } } },
      'the state "a" is final, but has transitions',
    ],
    [
      "with transitions of any state where all are final",
      { states: { a: { final: true } }, anyState: { go: "a" } },
      "all states are final, so `anyState` has no effect",
    ],
  ])("%s", (_, part, message) => {
    const given = { name: "m", initial: "a", states: { a: {} }, ...part };
    expect(() => defineMachine<Any>()(given)).toThrow(
      expect.objectContaining({
        code: "invalid_argument",
        message: `machine "m": ${message}`,
      }),
    );
  });
});

describe("a running machine", () => {
  it("performs actions, and keeps the newest steps with their time", () => {
    const performed: string[] = [];
    const at = new Date("2030-01-01T00:00:00Z");
    const running = runMachine(door, none, {
      perform: (action) => performed.push(action),
      historySize: 2,
      now: () => at,
    });
    expect(running.send({ type: "open" })).toMatchObject([{ kind: "taken", to: "open" }]);
    running.send({ type: "lock", code: "1" });
    running.send({ type: "close" });
    expect(performed).toEqual(["enter closed by start", "leave closed ", "enter closed by close"]);
    expect(running.snapshot.state).toBe("closed");
    expect(running.history).toMatchObject([
      { kind: "refused", reason: "no_transition", event: { type: "lock" }, at },
      { kind: "taken", from: "open", to: "closed", at },
    ]);
  });

  it("handles events that actions send after the current one, each to its end", () => {
    const order: string[] = [];
    const running = runMachine(door, none, {
      perform(action, send) {
        order.push(action);
        if (action === "lock 5") {
          send({ type: "unlock", code: "5" });
          order.push("sent");
        }
      },
    });
    const steps = running.send({ type: "lock", code: "5" });
    expect(steps.map(({ event }) => event.type)).toEqual(["lock", "unlock"]);
    expect(order).toEqual(["enter closed by start", "leave closed ", "lock 5", "sent", "enter closed by unlock"]);
  });

  it("returns no steps to an action that sends by the machine itself", () => {
    const nested: unknown[] = [];
    const running = runMachine(door, none, {
      perform: (action) => {
        if (action.startsWith("leave")) nested.push(running.send({ type: "close" }));
      },
    });
    expect(running.send({ type: "open" }).map(({ snapshot }) => snapshot.state)).toEqual(["open", "closed"]);
    expect(nested).toEqual([[]]);
  });

  it("continues from a stored snapshot without its entry actions", () => {
    const performed: string[] = [];
    const running = runMachine(door, none, {
      snapshot: { state: "closed", data: { code: "stored", kicks: 3 } },
      perform: (action) => performed.push(action),
      historySize: 0,
    });
    expect(performed).toEqual([]);
    running.send({ type: "open" });
    expect(performed).toEqual(["leave closed stored"]);
    expect(running.history).toEqual([]);
  });

  it("continues after an action that throws, with the transition taken and nothing queued", () => {
    const running = runMachine(door, none, {
      perform: (action, send) => {
        if (!action.startsWith("leave")) return;
        send({ type: "close" });
        throw new Error("no paint");
      },
    });
    expect(() => running.send({ type: "open" })).toThrow("no paint");
    expect(running.snapshot.state).toBe("open");
    expect(running.send({ type: "kick", force: 1 }).map(({ event }) => event.type)).toEqual(["kick"]);
  });
});

describe("the diagram", () => {
  it("shows states, transitions, guards and the current state", () => {
    expect(toMermaid(door, { current: "open" })).toBe(`stateDiagram-v2
  state "closed" as s0
  state "open" as s1
  state "locked" as s2
  state "broken" as s3
  [*] --> s0
  s0 --> s3: kick [hard]
  s0 --> s0: kick
  s0 --> s1: open
  s0 --> s2: lock
  s1 --> s3: kick [hard]
  s1 --> s1: kick
  s1 --> s0: close
  s1 --> s1: open
  s2 --> s3: kick [hard]
  s2 --> s2: kick
  s2 --> s0: unlock [hasCode]
  s2 --> s1: unlock [has the master key]
  s3 --> [*]
  classDef current stroke-width:4px
  class s1 current
`);
  });

  it("escapes what Mermaid reads as syntax", () => {
    const odd = defineMachine<{ state: string; event: { type: string } }>()({
      name: "odd",
      initial: 'a "b"\n;',
      states: { 'a "b"\n;': { on: { "x: #1": 'a "b"\n;' } } },
    });
    expect(toMermaid(odd)).toBe(`stateDiagram-v2
  state "a #34;b#34;#10;#59;" as s0
  [*] --> s0
  s0 --> s0: x#58; #35;1
`);
  });
});
