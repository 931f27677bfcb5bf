// How many promises a call creates: they are most of what a call costs, and unlike times their number is exact.
import { createHook } from "node:async_hooks";
import type { StringValue } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { createAccount, open } from "../aggregate/account.fixture.js";
import type { Interceptor } from "../cqrs/index.js";
import { createApp } from "./create-app.js";
import { ask, charge, createTill } from "./till.fixture.js";

/** Counts the promises that a call creates in one turn of the event loop, in which the test runner creates none. */
function countPromises(call: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE") count++;
    },
  });
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      hook.enable();
      const called = call();
      let left = 100;
      const end = () => {
        if (left-- > 0) return queueMicrotask(end);
        hook.disable();
        // A disabled hook may still be called.
        const counted = count;
        called.then(() => resolve(counted), reject);
      };
      queueMicrotask(end);
    });
  });
}

const atOnce = ({ value }: StringValue) => ({ value });
const later = async ({ value }: StringValue) => ({ value });

it("a call whose handler returns at once creates only the promise of its caller", async () => {
  const app = createApp({ parts: createTill({ charge: atOnce, ask: atOnce }) });
  await app.start();
  expect(await countPromises(() => app.send(charge, { value: "5" }))).toBe(1);
  expect(await countPromises(() => app.query(ask, { value: "5" }))).toBe(1);
  expect(await countPromises(() => app.dispatch(charge, charge.request.create({ value: "5" })))).toBe(1);
  await app.stop();
});

it("a call whose handler is asynchronous creates two beside the promise of the handler", async () => {
  const app = createApp({ parts: createTill({ charge: later, ask: later }) });
  await app.start();
  expect(await countPromises(() => app.send(charge, { value: "5" }))).toBe(3);
  expect(await countPromises(() => app.query(ask, { value: "5" }))).toBe(3);
  await app.stop();
});

it("a middleware that is not for the method creates none, and one that passes on the promise one more", async () => {
  const pass: Interceptor = (call, next) => next(call);
  const app = createApp({
    parts: createTill({ charge: later, ask: later }),
    middleware: [({ kind }) => (kind === "query" ? pass : undefined)],
  });
  await app.start();
  expect(await countPromises(() => app.send(charge, { value: "5" }))).toBe(3);
  expect(await countPromises(() => app.query(ask, { value: "5" }))).toBe(4);
  await app.stop();
});

it("a command that creates an aggregate in memory creates a few, for the steps of deciding and appending", async () => {
  const app = createApp({ parts: [createAccount()] });
  await app.start();
  let next = 0;
  expect(await countPromises(() => app.send(open, { value: `a${next++}` }))).toBe(9);
  await app.stop();
});
