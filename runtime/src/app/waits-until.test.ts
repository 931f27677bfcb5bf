import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, Deposited, deposit, Opened, withdraw } from "../aggregate/account.fixture.js";
import type { AnyMethod, CallOptions } from "../cqrs/index.js";
import { reaction } from "../engines/index.js";
import { handle } from "../reaction/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { waitMethod } from "../waits/index.js";
import { createApp } from "./create-app.js";
import { totals } from "./total.fixture.js";
import { Replica } from "./waits.fixture.js";

const lost = { code: "out_of_range", details: [{ json: { reason: "POSITION_LOST" } }] };
const withdrawing = withdraw as unknown as AnyMethod;

describe.each(Object.entries({ memory, pglite: () => pglite() }))("a command on %s", (_, openStore) => {
  let store: Store;
  const replicas: Replica[] = [];
  const start = (options?: ConstructorParameters<typeof Replica>[1]) => {
    const replica = new Replica(store, options);
    replicas.push(replica);
    return replica;
  };
  /** Resumes a wait. Returns the answer as ProtoJSON. */
  const resume = async ({ app }: Replica, token: string | undefined, options: CallOptions = {}) => {
    const method = waitMethod();
    const { response } = await app.dispatch(method, method.request.create({ token }), options);
    return method.response.toJson(response);
  };
  const reached = { state: "WAIT_STATE_REACHED", position: expect.stringMatching(/^[\w-]{40,}$/) };
  const pending = { ...reached, state: "WAIT_STATE_PENDING" };

  beforeEach(async () => {
    store = openStore();
    await store.start();
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ app }) => app.stop()));
    await store.stop();
  });

  it("waits until a read model includes it, by its local or full name", async () => {
    const one = start();
    for (const [index, name] of ["Total", "google.protobuf.StringValue"].entries()) {
      const { headers, wait } = await one.open(`a${index}`, { until: [name] });
      expect([...headers].map(([header]) => header)).toEqual(["potter-position", "potter-state"]);
      expect(headers.get("potter-state")).toBe("reached");
      expect(wait).toEqual({ state: "reached", position: headers.get("potter-position") });
      expect(await one.balance(`a${index}`)).toBe(0);
    }
  });

  it("has happened when its effects are pending, and any process resumes the wait by its token", async () => {
    const [one, two] = [start(), start()];
    await Promise.all([one.app.start(), two.app.start()]);
    await one.app.projection("Total").pause();
    const { response, headers } = await one.open("a", { until: ["Total"], within: 30 });
    expect(response).toMatchObject({ value: expect.any(Number) });
    expect(headers.get("potter-state")).toBe("pending");
    const token = headers.get("potter-wait-token");
    const asked = { requestHeaders: new Map([["potter-wait", "30"]]) as never };
    expect(await resume(two, token, asked)).toEqual(pending);
    const waiting = resume(two, token);
    await one.app.projection("Total").resume();
    expect(await waiting).toEqual(reached);
    expect(await two.balance("a")).toBe(0);
    expect(await one.app.history({ definition: { type: "account" } }, "a")).toHaveLength(1);
  });

  it("waits for the first of some events, also its own, and only for those of its own correlation id", async () => {
    const one = start();
    await one.open("a");
    const { wait, headers } = await one.deposit("a", 5, { until: ["account.deposited"] });
    expect(wait).toMatchObject({ state: "reached", event: "google.protobuf.Int32Value" });
    expect(headers.get("potter-event")).toBe("google.protobuf.Int32Value");
    expect(await resume(one, wait?.token)).toEqual({
      ...reached,
      event: "google.protobuf.Int32Value",
      data: { value: 5 },
    });
    const opening = one.open("b", { until: ["account.deposited"] }, { correlationId: "order-1" });
    await one.deposit("a", 1);
    await one.deposit("a", 2, undefined, { correlationId: "order-2" });
    await one.deposit("a", 3, undefined, { correlationId: "order-1", tenant: "t" }).catch(() => {});
    await vi.waitFor(() => one.deposit("b", 7, undefined, { correlationId: "order-1" }));
    const { wait: other } = await opening;
    expect(await resume(one, other?.token)).toMatchObject({ state: "WAIT_STATE_REACHED", data: { value: 7 } });
  });

  it("waits for an event that a reaction leads to, on whatever replica it runs", async () => {
    const bonus = reaction({
      name: "bonus",
      on: [
        handle(Opened, async (_event, ctx) => void (await ctx.send(deposit, { value: `${ctx.event.stream.id}:3` }))),
      ],
    });
    const [one, two] = [start({ parts: [bonus] }), start({ parts: [bonus] })];
    await Promise.all([one.app.start(), two.app.start()]);
    for (const id of ["a", "b", "c"]) {
      const { wait } = await one.open(id, { until: ["account.deposited", "Total"] });
      expect(wait?.state).toBe("reached");
      expect(await resume(two, wait?.token)).toMatchObject({ ...reached, data: { value: 3 } });
    }
  });

  it("waits for events and read models together", async () => {
    const one = start();
    await one.app.start();
    await one.app.projection("Total").pause();
    const { wait } = await one.open("a", { until: ["account.opened", "Total"], within: 300 });
    expect(wait).toMatchObject({ state: "pending" });
    await one.app.projection("Total").resume();
    expect(await resume(one, wait?.token)).toMatchObject(reached);
  });

  it("does not return the content of an event that the app does not expose", async () => {
    const one = start({ waits: {} });
    const { wait } = await one.open("a", { until: ["account.opened"] });
    expect(await resume(one, wait?.token)).toEqual({ ...reached, event: "google.protobuf.StringValue" });
  });

  it("that is repeated under its id finds the events of the first call", async () => {
    const one = start();
    await one.open("a");
    const options = { commandId: "c-1", correlationId: "first" };
    await one.deposit("a", 5, undefined, options);
    await one.deposit("a", 6);
    const again = { commandId: "c-1", correlationId: "second" };
    const { wait, position } = await one.deposit("a", 5, { until: ["account.deposited", "Total"] }, again);
    expect(position).toBeUndefined();
    expect(await resume(one, wait?.token)).toMatchObject({ ...reached, data: { value: 5 } });
  });

  it("fails as ever when it is rejected, and is not carried out for a name that its service does not expose", async () => {
    const one = start();
    await one.open("a");
    await expect(one.call(withdrawing, "a:9", { until: ["Total"] })).rejects.toMatchObject({
      code: "failed_precondition",
    });
    for (const until of [["Totals"], ["total"], ["Total", "account.withdrawn"], [""], ["__proto__"]]) {
      await expect(one.deposit("a", 5, { until })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining("expected one of Total, "),
      });
    }
    const ambiguous = start({ parts: [], waits: { events: [{ ...Deposited, type: "account.deposited.also" }] } });
    await expect(ambiguous.deposit("a", 5, { until: ["Int32Value"] })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("google.protobuf.Int32Value (account.deposited.also)"),
    });
    await expect(one.balance("a", { until: ["Total"] })).rejects.toMatchObject({ code: "invalid_argument" });
    expect(await one.app.history({ definition: { type: "account" } }, "a")).toHaveLength(1);
  });

  it("is pending for a caller who goes away, and leaves nothing on the signal", async () => {
    const one = start();
    await one.app.start();
    await one.app.projection("Total").pause();
    const caller = new AbortController();
    const added = vi.spyOn(caller.signal, "addEventListener");
    const removed = vi.spyOn(caller.signal, "removeEventListener");
    const opening = one.open("a", { until: ["Total", "account.deposited"] }, { signal: caller.signal });
    await vi.waitFor(() => expect(added).toHaveBeenCalled());
    await vi.waitFor(() => expect(one.app.history({ definition: { type: "account" } }, "a")).resolves.toHaveLength(1));
    caller.abort();
    expect((await opening).wait).toMatchObject({ state: "pending" });
    const { signal } = new AbortController();
    const count = vi.spyOn(signal, "addEventListener");
    const uncount = vi.spyOn(signal, "removeEventListener");
    await one.deposit("a", 1, { until: ["account.deposited"] }, { signal });
    expect(count).toHaveBeenCalled();
    expect(uncount).toHaveBeenCalledTimes(count.mock.calls.length);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });

  it("is pending when the deadline of its transport passes, and so is one that waits when the app stops", async () => {
    const one = start();
    await one.app.start();
    await one.app.projection("Total").pause();
    const limit = { milliseconds: 200, run: <Result>(call: () => Promise<Result>) => call() };
    expect((await one.open("a", { until: ["Total"], limit })).wait).toMatchObject({ state: "pending" });
    const opening = one.open("b", { until: ["Total"] });
    await vi.waitFor(() => expect(one.app.history({ definition: { type: "account" } }, "b")).resolves.toHaveLength(1));
    await one.app.stop();
    const { wait } = await opening;
    expect(wait).toMatchObject({ state: "pending", token: expect.any(String) });
    const two = start();
    await two.app.projection("Total").resume();
    expect(await resume(two, wait?.token)).toEqual(reached);
  });

  it("can be waited for by its own caller only", async () => {
    const one = start();
    const { wait } = await one.open("a", { until: ["account.opened"] }, { tenant: "t", user: "u" });
    const token = wait?.token;
    expect(await resume(one, token, { tenant: "t", user: "u" })).toMatchObject(reached);
    expect(await resume(one, token, { tenants: ["t"], user: "u" })).toMatchObject(reached);
    for (const caller of [{}, { user: "u", tenant: "v" }, { user: "u", tenants: [] }, { user: "v", tenant: "t" }]) {
      await expect(resume(one, token, caller)).rejects.toMatchObject(lost);
    }
    for (const hostile of ["", "a", token?.slice(1), `${token}A`, wait?.position]) {
      await expect(resume(one, hostile, { tenant: "t", user: "u" })).rejects.toMatchObject(lost);
    }
  });

  it("is in a read model that was built again meanwhile", async () => {
    const one = start();
    await one.open("a");
    await one.app.waitForProjections();
    await one.app.projection("Total").rebuild();
    const { wait } = await one.deposit("a", 5, { after: "0" });
    expect(await one.balance("a", { after: wait?.position })).toBe(5);
    await vi.waitFor(() => expect(one.app.projection("Total").status?.generation).toBe(2));
    expect(await one.balance("a", { after: wait?.position })).toBe(5);
    const next = await one.deposit("a", 1, { until: ["Total"] });
    expect(next.wait?.state).toBe("reached");
    expect(await one.balance("a")).toBe(6);
  });
});

it("a call that waits is refused by an app without waits, so that no answer is stale", async () => {
  const app = createApp({ parts: [createAccount(), totals({})] });
  const request = withdrawing.request.create({ value: "a:1" });
  for (const wait of [{ after: "0" }, { until: ["Total"] }]) {
    await expect(app.dispatch(withdrawing, request, { wait })).rejects.toMatchObject({
      code: "unimplemented",
      message: "this app has no waits: pass waits: waits() to createApp",
    });
  }
  await app.stop();
});
