import { create } from "@bufbuild/protobuf";
import { Int32ValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, it, vi } from "vitest";
import { createAccount, Deposited, Opened } from "../aggregate/account.fixture.js";
import { newId } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import { createApp } from "./create-app.js";
import { getTotal, queries, sumOf, Total } from "./total.fixture.js";

const count = 300;

it("dead letters are retried many at a time again after a store that was slow, although each commit takes long", async () => {
  const store = memory();
  let isStuck = true;
  const projection = Total.projection({
    retries: 0,
    on: {
      opened: (_event, rows, { stream }) => rows.upsert({ value: `${stream.id}:0` }),
      deposited: async (event, rows, { stream }) => {
        if (isStuck) throw new Error("not today");
        rows.upsert({ value: `${stream.id}:${sumOf(await rows.get(stream.id)) + event.value}` });
      },
    },
  });
  const app = createApp({ parts: [createAccount(), projection, queries], store });
  await app.start();
  const opened = { id: newId(), definition: Opened, data: create(StringValueSchema, { value: "a" }) };
  const deposit = () => ({ id: newId(), definition: Deposited, data: create(Int32ValueSchema, { value: 1 }) });
  const events = [opened, ...Array.from({ length: count }, deposit)];
  const stream = { tenant: "", type: "account", id: "a" };
  await store.events.append({ stream, expectedVersion: 0, events, correlationId: "c", causationId: "k", metadata: {} });
  const parked = () => app.projections[0]?.deadLetters;
  await expect.poll(parked).toBe(count);

  isStuck = false;
  let commits = 0;
  let passed = 0;
  // Only commits take time.
  const begin = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => begin + passed);
  const commit = store.projections.commit.bind(store.projections);
  store.projections.commit = (move, apply) => {
    commits += 1;
    passed += commits <= 6 ? 150 : 60;
    return commit(move, apply);
  };
  await app.projection("Total").retry("account/a");
  await expect.poll(parked).toBe(0);
  expect(sumOf(await app.query(getTotal, { value: "a" }))).toBe(count);
  expect(commits).toBeLessThan(count / 4);
  await app.stop();
});
