import { type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { PotterError } from "../errors/index.js";
import { type Es, es } from "../message/index.js";
import { createBus } from "./bus.js";
import type { Next } from "./call.js";
import { timeouts } from "./deadline.js";
import type { Logger } from "./logger.js";
import { logging } from "./logging.js";
import type { Method } from "./method.js";
import { forMethod, type Middleware } from "./middleware.js";
import { tenancy } from "./tenancy.js";

type Text = Es<typeof StringValueSchema>;

const echo: Method<Text, Text, "unary"> = {
  service: "test.v1.EchoService",
  name: "Echo",
  kind: "command",
  stream: "unary",
  request: es(StringValueSchema),
  response: es(StringValueSchema),
  http: [],
  errors: {},
};

const answer: Next = async (call) => ({ response: call.request });

function recordingLogger(): Logger & { readonly lines: unknown[][] } {
  const lines: unknown[][] = [];
  const log =
    (level: string) =>
    (...args: unknown[]) =>
      void lines.push([level, ...args]);
  return { lines, debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

describe("a bus", () => {
  it("dispatches a request to its handler and returns the response", async () => {
    const bus = createBus({ handlers: new Map([[echo, answer]]) });
    expect((await bus.send(echo, { value: "hi" })).value).toBe("hi");
  });

  it("refuses a method without a handler", async () => {
    const bus = createBus({ handlers: new Map() });
    await expect(bus.send(echo, {})).rejects.toMatchObject({
      code: "unimplemented",
      message: "test.v1.EchoService.Echo has no handler in this app",
    });
  });

  it("rejects with the PotterError of a handler unchanged", async () => {
    const error = new PotterError("not_found", "nothing here");
    const bus = createBus({ handlers: new Map([[echo, () => Promise.reject(error)]]) });
    await expect(bus.send(echo, {})).rejects.toBe(error);
  });

  it("logs an unexpected error of a handler, and returns only its correlation id to the caller", async () => {
    const logger = recordingLogger();
    const cause = new Error("password is hunter2");
    const bus = createBus({ handlers: new Map([[echo, () => Promise.reject(cause)]]), logger });
    await expect(bus.send(echo, {}, { correlationId: "c-1" })).rejects.toMatchObject({
      code: "internal",
      message: "internal error, see the log for correlation id c-1",
    });
    expect(logger.lines).toEqual([
      ["error", "handler failed", { method: "test.v1.EchoService.Echo", correlationId: "c-1", error: cause }],
    ]);
  });

  it("returns a rejected promise if a middleware throws synchronously", async () => {
    const broken: Middleware = () => () => {
      throw new PotterError("permission_denied", "no");
    };
    const bus = createBus({ handlers: new Map([[echo, answer]]), middleware: [broken] });
    await expect(bus.send(echo, {})).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("creates one command id for each call, and uses it as the correlation id", async () => {
    const seen: string[] = [];
    const handle: Next = async ({ context, request }) => {
      seen.push(context.commandId, context.commandId, context.correlationId);
      return { response: request };
    };
    const bus = createBus({ handlers: new Map([[echo, handle]]) });
    await bus.send(echo, {});
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("middleware", () => {
  it("runs around the handler, the first one outermost", async () => {
    const order: string[] = [];
    const tracing =
      (name: string): Middleware =>
      () =>
      async (call, next) => {
        order.push(`${name} before`);
        const result = await next(call);
        order.push(`${name} after`);
        return result;
      };
    const bus = createBus({ handlers: new Map([[echo, answer]]), middleware: [tracing("a"), tracing("b")] });
    await bus.send(echo, {});
    expect(order).toEqual(["a before", "b before", "b after", "a after"]);
  });

  it("is called once for each method, when the bus is created", async () => {
    let calls = 0;
    const bus = createBus({ handlers: new Map([[echo, answer]]), middleware: [() => void calls++] });
    await bus.send(echo, {});
    await bus.send(echo, {});
    expect(calls).toBe(1);
  });

  it("for one method has its types, and does not run for other methods", async () => {
    const other = { ...echo, name: "Other" };
    const shout = forMethod(echo, async (call, next) => {
      const result = await next({ ...call, request: { ...call.request, value: call.request.value.toUpperCase() } });
      return result;
    });
    const bus = createBus({
      handlers: new Map([
        [echo, answer],
        [other, answer],
      ]),
      middleware: [shout],
    });
    expect((await bus.send(echo, { value: "hi" })).value).toBe("HI");
    expect((await bus.send(other, { value: "hi" })).value).toBe("hi");
  });
});

describe("timeouts", () => {
  const slow = { ...echo, timeout: 10 };

  it("end a call that takes too long, and abort the signal of its handler", async () => {
    let signal: AbortSignal | undefined;
    const never: Next = ({ context }) => {
      signal = context.signal;
      return new Promise(() => {});
    };
    const bus = createBus({ handlers: new Map([[slow, never]]), middleware: [timeouts] });
    await expect(bus.send(slow, {})).rejects.toMatchObject({
      code: "deadline_exceeded",
      message: "Echo took longer than 10 ms",
    });
    expect(signal?.aborted).toBe(true);
  });

  it("keep the ids of the call", async () => {
    const ids: string[] = [];
    const outer: Middleware = () => (call, next) => next(call).finally(() => ids.push(call.context.commandId));
    const handle: Next = async ({ context, request }) => {
      ids.push(context.commandId);
      return { response: request };
    };
    const bus = createBus({ handlers: new Map([[slow, handle]]), middleware: [outer, timeouts] });
    await bus.send(slow, {});
    expect(ids[0]).toBe(ids[1]);
  });

  it("abort the handler when the caller cancels", async () => {
    const gone = new AbortController();
    const handle: Next = ({ context }) =>
      new Promise((_, reject) =>
        context.signal?.addEventListener("abort", () => reject(new PotterError("cancelled", "gone"))),
      );
    const longer = { ...slow, timeout: 60_000 };
    const bus = createBus({ handlers: new Map([[longer, handle]]), middleware: [timeouts] });
    const call = bus.send(longer, {}, { signal: gone.signal });
    gone.abort();
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("a call that its caller has cancelled", () => {
  const begin = (signal: AbortSignal, handle: Next) => {
    const logger = recordingLogger();
    const bus = createBus({ handlers: new Map([[echo, handle]]), middleware: [logging(logger)], logger });
    return { logger, call: bus.send(echo, {}, { signal }) };
  };
  /** Rejects as most functions with a signal do. */
  const throwsReason: Next = ({ context: { signal } }) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

  it.each<[string, Next]>([
    ["the reason of its signal", throwsReason],
    [
      "an AbortError of its own",
      ({ context: { signal } }) =>
        new Promise((_, reject) =>
          signal?.addEventListener("abort", () => reject(new DOMException("stopped reading", "AbortError"))),
        ),
    ],
  ])("fails with cancelled, and not with a server error, if its handler throws %s", async (_, handle) => {
    const gone = new AbortController();
    const { logger, call } = begin(gone.signal, handle);
    gone.abort();
    await expect(call).rejects.toMatchObject({ code: "cancelled", message: "the caller cancelled the call" });
    expect(logger.lines).toEqual([["info", "call failed", expect.objectContaining({ code: "cancelled" })]]);
  });

  it("fails with deadline_exceeded if the signal is a timeout", async () => {
    const { call } = begin(AbortSignal.timeout(1), throwsReason);
    await expect(call).rejects.toMatchObject({ code: "deadline_exceeded" });
  });

  it("fails with an internal error if its handler throws an unrelated error", async () => {
    const gone = new AbortController();
    const { call } = begin(gone.signal, async () => {
      gone.abort();
      throw new Error("something else");
    });
    await expect(call).rejects.toMatchObject({ code: "internal" });
  });
});

describe("tenancy", () => {
  const scoped: typeof echo = { ...echo, tenant: (request: StringValue) => request.value };
  const returnTenant: Next = async ({ context }) => ({ response: { tenant: context.tenant } });
  const bus = createBus({ handlers: new Map([[scoped, returnTenant]]), middleware: [tenancy] });

  it("takes the tenant from the request of a caller without one", async () => {
    expect((await bus.dispatch(scoped, { value: "acme" })).response).toEqual({ tenant: "acme" });
  });

  it("refuses a request that names another tenant than its caller's", async () => {
    await expect(bus.dispatch(scoped, { value: "acme" }, { tenant: "umbrella" })).rejects.toMatchObject({
      code: "permission_denied",
    });
  });

  it("refuses a request for a tenant that its caller may not use, and accepts one for a tenant that it may use", async () => {
    const refused = (value: string, tenants: readonly string[] | "any") =>
      bus.dispatch(scoped, { value }, { tenants }).catch(({ code, message }: PotterError) => [code, message]);
    expect(await refused("acme", [])).toEqual(["permission_denied", "the caller has no tenant"]);
    expect(await refused("", [])).toEqual(["permission_denied", "the caller has no tenant"]);
    const other = ["permission_denied", "the request must name a tenant of its caller"];
    expect(await refused("acme", ["umbrella"])).toEqual(other);
    expect(await refused("", ["umbrella"])).toEqual(other);
    expect(await refused("", "any")).toEqual(["invalid_argument", "the request must name a tenant"]);
    for (const tenants of [["umbrella", "acme"], "any"] as const) {
      expect((await bus.dispatch(scoped, { value: "acme" }, { tenants })).response).toEqual({ tenant: "acme" });
    }
  });

  it("accepts a request that names its caller's tenant or none", async () => {
    expect((await bus.dispatch(scoped, { value: "acme" }, { tenant: "acme" })).response).toEqual({ tenant: "acme" });
    expect((await bus.dispatch(scoped, { value: "" }, { tenant: "acme" })).response).toEqual({ tenant: "acme" });
  });
});

describe("logging", () => {
  it("contains method, ids and outcome, but nothing of the request", async () => {
    const logger = recordingLogger();
    const refuse: Next = () => Promise.reject(new PotterError("not_found", "no"));
    const bus = createBus({ handlers: new Map([[echo, refuse]]), middleware: [logging(logger)] });
    await bus.send(echo, { value: "secret" }, { correlationId: "c-2" }).catch(() => {});
    expect(logger.lines).toEqual([
      [
        "info",
        "call failed",
        {
          method: "test.v1.EchoService.Echo",
          correlationId: "c-2",
          tenant: "",
          milliseconds: expect.any(Number),
          code: "not_found",
        },
      ],
    ]);
  });
});
