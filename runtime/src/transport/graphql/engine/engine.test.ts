import { buildSchema, type ExecutionResult } from "graphql";
import { describe, expect, it, vi } from "vitest";
import { GraphQLEngine } from "./index.js";

function open() {
  const schema = buildSchema("type Query { a: String } type Subscription { tick: Int }");
  const closed = vi.fn();
  const tick = schema.getSubscriptionType()?.getFields()["tick"];
  if (tick === undefined) throw new Error("Subscription.tick");
  const steps: (number | Error)[] = [1, new Error("the password is swordfish")];
  tick.resolve = (step: unknown) => {
    if (step instanceof Error) throw step;
    return step;
  };
  tick.subscribe = () => ({
    // After the last step the source stays pending.
    next: () => {
      const value = steps.shift();
      return value === undefined ? new Promise(() => {}) : Promise.resolve({ done: false, value });
    },
    return: () => {
      closed();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  });
  return { engine: new GraphQLEngine(schema), closed };
}

const request = (query: string) => ({ query, operationName: undefined, variables: {} });

describe("an engine", () => {
  it("follows a subscription, and closes it while a result is pending", async () => {
    const { engine, closed } = open();
    const prepared = engine.prepare(request("subscription { tick }"));
    if (prepared.kind === "refused") throw new Error("refused");
    expect(prepared.operation).toBe("subscription");
    const results = (await engine.subscribe(prepared, {})) as AsyncIterableIterator<ExecutionResult>;
    expect(JSON.stringify((await results.next()).value)).toBe('{"data":{"tick":1}}');
    const failed = JSON.stringify((await results.next()).value);
    expect(failed).toContain('"code":"INTERNAL"');
    expect(failed).not.toContain("swordfish");
    void results.next();
    await results.return?.();
    expect(closed).toHaveBeenCalledOnce();
  });

  it("rejects with a code", () => {
    const refused = open().engine.prepare(request("{ b }"));
    expect(refused.kind === "refused" && refused.errors[0]?.extensions["code"]).toBe("INVALID_ARGUMENT");
  });
});
