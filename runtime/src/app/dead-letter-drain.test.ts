import { create } from "@bufbuild/protobuf";
import { Int32ValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { projectionsDiscard, projectionsRetry } from "../adapters/cli/commands/projections.js";
import { fakeTerminal } from "../adapters/cli/terminal/fake-terminal.fixture.js";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, Deposited, Opened } from "../aggregate/account.fixture.js";
import { newId } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { getTotal, queries, sumOf, Total } from "./total.fixture.js";

const count = 2000;
/** Each event waits for a timer, for which a busy machine may need a hundred times as long. */
const patient = { timeout: 500_000, interval: 100 };

describe.each(Object.entries({ memory, pglite: () => pglite() }))("2,000 dead letters of one key on %s", (_, open) => {
  let store: Store;
  let app: App;
  let stuck: boolean;
  /** Ids of the streams whose events were applied, in order, without those of failed attempts. */
  let applied: string[];
  /** Called with each event that is applied. */
  let onApplied: (id: string) => void;

  const append = async (id: string, deposits: number, before = 0) => {
    const opened = { id: newId(), definition: Opened, data: create(StringValueSchema, { value: id }) };
    const deposit = () => ({ id: newId(), definition: Deposited, data: create(Int32ValueSchema, { value: 1 }) });
    const events = [...(before === 0 ? [opened] : []), ...Array.from({ length: deposits }, deposit)];
    const stream = { tenant: "", type: "account", id };
    const call = { correlationId: "c", causationId: "k", metadata: {} };
    const result = await store.events.append({ stream, expectedVersion: before, events, ...call });
    expect(result.kind).toBe("appended");
  };
  const total = async (id: string) => sumOf(await app.query(getTotal, { value: id }));
  const parked = () => app.projections[0]?.deadLetters;
  const isParked = (expected: number) => expect.poll(parked, patient).toBe(expected);
  const cli = async (command: typeof projectionsRetry, ...operands: string[]) => {
    const terminal = fakeTerminal();
    const target = async () => ({ open: async () => app });
    await command.run({ terminal, target, options: { operands } } as never);
    return terminal.logged;
  };

  beforeEach(async () => {
    store = open();
    stuck = true;
    applied = [];
    onApplied = () => {};
  });
  afterEach(async () => {
    await app.stop();
  });

  const start = async () => {
    const projection = Total.projection({
      retries: 0,
      on: {
        opened: (_event, rows, { stream }) => rows.upsert({ value: `${stream.id}:0` }),
        deposited: async (event, rows, { stream }) => {
          if (stuck && stream.id === "a") throw new Error("not today");
          const sum = sumOf(await rows.get(stream.id)) + event.value;
          // Takes longer than a turn of the event loop, like a handler that reads data.
          await new Promise((resolve) => setTimeout(resolve, 1));
          rows.upsert({ value: `${stream.id}:${sum}` });
          applied.push(stream.id);
          onApplied(stream.id);
        },
      },
    });
    app = createApp({ parts: [createAccount(), projection, queries], store });
    await app.start();
    await append("a", count);
    await append("b", 0);
    await isParked(count);
  };

  it("are retried in turn with new events, and each is applied once, in order", async () => {
    await start();
    stuck = false;
    let appending: Promise<void> | undefined;
    onApplied = () => {
      appending ??= append("b", 1, 1);
    };
    expect(await cli(projectionsRetry, "StringValue", "account/a")).toBe("retrying 1 key\n");
    await expect.poll(() => total("b"), patient).toBe(1);
    await appending;
    await isParked(0);
    expect(await total("a")).toBe(count);
    // The other key was processed long before the end.
    expect(applied.indexOf("b")).toBeGreaterThan(0);
    expect(applied.indexOf("b")).toBeLessThan(count / 2);
    expect(applied).toHaveLength(count + 1);
  });

  it("stop at the one that fails again, and can be discarded while other keys continue", async () => {
    await start();
    stuck = false;
    onApplied = () => {
      // Events applied in the same transaction as a failing one are applied again without it.
      if (applied.length === 30) stuck = true;
    };
    await app.projection("Total").retry("account/a");
    await expect.poll(() => stuck).toBe(true);
    await vi.waitFor(async () => {
      const [first] = await app.projection("Total").deadLetters({ limit: 1 });
      expect(first?.attempts).toBe(1);
    });
    const letters = await app.projection("Total").deadLetters({ limit: 10_000 });
    expect(letters.map(({ position }) => position)).toEqual(
      Array.from({ length: letters.length }, (_, i) => count + 2 - letters.length + i),
    );
    expect(letters.length).toBeGreaterThan(0);
    expect(await total("a")).toBe(count - letters.length);
    expect(await cli(projectionsDiscard, "StringValue", "account/a")).toContain("discarded");
    stuck = false;
    onApplied = () => {};
    await append("a", 1, count + 1);
    await append("b", 1, 1);
    await app.waitForProjections();
    expect(await total("b")).toBe(1);
    expect(await total("a")).toBe(count - letters.length + 1);
    await isParked(0);
  });
});
