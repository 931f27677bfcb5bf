import { describe, expect, it, vi } from "vitest";
import { command, query } from "../codegen/index.js";
import { type ClientOptions, type Code, createClient, PotterClientError } from "../index.js";
import { answer, fail, hang, type Step, scripted } from "../scripted-transport.fixture.js";

const named = { service: "test.v1.Test", name: "Do" };
const methods = {
  safe: query<object, object>(named),
  keyed: command<object, object>({ ...named, repeat: "keyed" }),
  never: command<object, object>(named),
};
const fast = { initialDelay: 1, maxDelay: 1 };

function start(steps: readonly Step[], options: Partial<ClientOptions> = {}) {
  const transport = scripted(...steps);
  return { transport, client: createClient({ transport, retry: fast, ...options }) };
}

describe("a call is repeated", () => {
  const outcomes: [keyof typeof methods, Code, object, boolean][] = [
    ["safe", "unavailable", {}, true],
    ["keyed", "unavailable", {}, true],
    ["never", "unavailable", {}, false],
    ["never", "unavailable", { unprocessed: true }, true],
    ["safe", "resource_exhausted", {}, false],
    ["safe", "resource_exhausted", { retryAfter: 1 }, true],
    ["never", "resource_exhausted", { retryAfter: 1 }, false],
    ["safe", "unavailable", { retryAfter: -1 }, false],
    ["safe", "internal", {}, false],
    ["safe", "deadline_exceeded", {}, false],
    ["safe", "unauthenticated", {}, false],
    ["keyed", "aborted", {}, false],
    ["safe", "unknown", {}, false],
  ];

  it.each(outcomes)("if it is %s and fails with %s %j: %s", async (repeat, code, options, isRepeated) => {
    const { client, transport } = start([fail(code, options), answer({})]);
    expect((await methods[repeat](client, {}).safe()).ok).toBe(isRepeated);
    expect(transport.calls.length).toBe(isRepeated ? 2 : 1);
  });

  it("under the same command id", async () => {
    const { client, transport } = start([fail("unavailable"), fail("unavailable"), answer({})]);
    await methods.keyed(client, {});
    const ids = new Set(transport.calls.map(({ headers }) => headers["idempotency-key"]));
    expect(ids.size).toBe(1);
    // As a part of a path, too.
    expect([...ids][0]).toMatch(/^[A-Za-z0-9]{12,24}$/);
  });

  it.each([{ commandId: "k" }, { headers: { "idempotency-key": "k" } }])(
    "under the command id of the caller, however it is given: %j",
    async (options) => {
      const { client, transport } = start([fail("unavailable"), answer({})]);
      await methods.keyed(client, {}, options);
      expect(transport.calls.map(({ headers }) => headers["idempotency-key"])).toEqual(["k", "k"]);
    },
  );

  it("at most as often as the options say, and not at all without", async () => {
    const all = Array(9).fill(fail("unavailable"));
    const twice = start(all, { retry: { ...fast, attempts: 2 } });
    await methods.safe(twice.client, {}).safe();
    const never = start(all, { retry: false });
    await methods.safe(never.client, {}).safe();
    const once = start(all);
    await methods.safe(once.client, {}, { retry: false }).safe();
    const four = start(all);
    await methods.safe(four.client, {}).safe();
    expect([twice, never, once, four].map(({ transport }) => transport.calls.length)).toEqual([2, 1, 1, 4]);
  });

  it("until faults have used up half of the budget that all calls share, and again after many successes", async () => {
    let isDown = true;
    let calls = 0;
    const client = createClient({
      retry: { ...fast, attempts: 100, budget: 10 },
      transport: {
        async send(call) {
          calls++;
          return isDown ? fail("unavailable")(call) : answer({})(call);
        },
      },
    });
    await methods.safe(client, {}).safe();
    // Ten, less five attempts that failed: no more than half is left.
    expect(calls).toBe(5);
    await methods.safe(client, {}).safe();
    expect(calls).toBe(6);
    isDown = false;
    for (let i = 0; i < 30; i++) await methods.safe(client, {});
    isDown = true;
    calls = 0;
    await methods.safe(client, {}).safe();
    expect(calls).toBe(2);
  });

  it("without taking from the budget, if the server has certainly not begun it", async () => {
    const refused = Array(30).fill(fail("unavailable", { unprocessed: true }));
    const { client } = start([...refused, answer({}), fail("unavailable"), answer({})], {
      retry: { ...fast, attempts: 100, budget: 10 },
    });
    expect((await methods.safe(client, {}).safe()).ok).toBe(true);
    expect((await methods.safe(client, {}).safe()).ok).toBe(true);
  });

  it("after a random part of a pause that doubles, up to its limit, besides what the server wants", async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    try {
      const times: number[] = [];
      const at =
        (step: Step): Step =>
        (call) => {
          times.push(Date.now());
          return step(call);
        };
      const asked = [7_000, 0].map((retryAfter) => fail("unavailable", { retryAfter }));
      const faults = [fail("unavailable"), fail("unavailable"), ...asked];
      const { client } = start([...faults, fail("unavailable"), answer({})].map(at), {
        timeout: 0,
        retry: { attempts: 9, budget: 20, initialDelay: 100, maxDelay: 150 },
      });
      const call = methods.safe(client, {}).safe();
      await vi.runAllTimersAsync();
      expect((await call).ok).toBe(true);
      expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual([50, 75, 7_075, 75, 75]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the deadline", () => {
  it("spans all attempts, and is passed on as what is left", async () => {
    vi.useFakeTimers();
    try {
      const slow =
        (ms: number): Step =>
        async (call) => {
          await new Promise((resolve) => setTimeout(resolve, ms));
          return fail("unavailable")(call);
        };
      const { client, transport } = start([slow(300), slow(300), hang]);
      const call = methods.safe(client, {}, { timeout: 1_000 }).safe();
      await vi.advanceTimersByTimeAsync(999);
      expect(transport.calls.length).toBe(3);
      await vi.advanceTimersByTimeAsync(1);
      expect(await call).toMatchObject({ ok: false, error: { code: "deadline_exceeded" } });
      const left = transport.calls.map(({ timeout }) => Math.round((timeout ?? 0) / 100));
      expect(left).toEqual([10, 7, 4]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not waited for if the server wants to be asked after it", async () => {
    const { client } = start([fail("unavailable", { retryAfter: 60_000 })]);
    expect(await methods.safe(client, {}, { timeout: 50_000 }).safe()).toMatchObject({
      error: { code: "unavailable" },
    });
  });

  it("is that of the call, or of the contract, or of the client", async () => {
    const { client, transport } = start([answer({}), answer({}), answer({}), answer({})], { timeout: 3_000 });
    const limited = query<object, object>({ ...named, timeout: 2_000 });
    await limited(client, {}, { timeout: 1_000 });
    await limited(client, {});
    await methods.safe(client, {});
    await methods.safe(client, {}, { timeout: 0 });
    expect(transport.calls.map(({ timeout }) => timeout && Math.ceil(timeout / 1000))).toEqual([1, 2, 3, undefined]);
  });
});

describe("the token", () => {
  it("is asked for before each attempt", async () => {
    let count = 0;
    const { client, transport } = start([fail("unavailable"), answer({})], { token: () => `t${++count}` });
    await methods.safe(client, {});
    expect(transport.calls.map(({ headers }) => headers["authorization"])).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("is renewed once when the server rejects it, for any call, since none was begun", async () => {
    const asked: boolean[] = [];
    const token = async ({ renew }: { readonly renew: boolean }) => {
      asked.push(renew);
      return renew ? "new" : "old";
    };
    const { client, transport } = start([fail("unauthenticated"), answer({})], { token });
    await methods.never(client, {});
    expect(asked).toEqual([false, true]);
    expect(transport.calls.map(({ headers }) => headers["authorization"])).toEqual(["Bearer old", "Bearer new"]);
  });

  it("that is rejected again fails the call", async () => {
    const { client, transport } = start([fail("unauthenticated"), fail("unauthenticated")], { token: () => "t" });
    expect(await methods.safe(client, {}).safe()).toMatchObject({ error: { code: "unauthenticated" } });
    expect(transport.calls.length).toBe(2);
  });

  it("that cannot be had is a fault after which any call is repeated, since none was sent", async () => {
    const cause = new TypeError("fetch failed");
    const failing = (times: number) => {
      let asked = 0;
      return start([answer({})], {
        token: () => {
          if (++asked <= times) throw cause;
          return "t";
        },
      });
    };
    const down = failing(9);
    expect((await methods.never(down.client, {}).safe()).error).toMatchObject({ code: "unavailable", cause });
    expect(down.transport.calls).toEqual([]);
    const back = failing(2);
    await methods.never(back.client, {});
    expect(back.transport.calls.length).toBe(1);
  });

  it("fails the call as it says with an error of a call", async () => {
    const { client } = start([], {
      token: () => Promise.reject(new PotterClientError("permission_denied", "locked")),
    });
    expect((await methods.safe(client, {}).safe()).error).toMatchObject({ code: "permission_denied" });
  });

  it("that does not come ends with the deadline", async () => {
    const { client } = start([], { token: () => new Promise(() => {}) });
    expect(await methods.safe(client, {}, { timeout: 1 }).safe()).toMatchObject({
      error: { code: "deadline_exceeded" },
    });
  });

  it("may be absent", async () => {
    const { client, transport } = start([answer({})], { token: () => undefined });
    await methods.safe(client, {});
    expect(transport.calls[0]?.headers).toEqual({});
  });
});
