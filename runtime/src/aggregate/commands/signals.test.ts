import { afterEach, describe, expect, it, vi } from "vitest";
import { type App, createApp } from "../../app/index.js";
import { forMethod, type Middleware, withContext } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { memory } from "../../store/memory/index.js";
import { createAccount, deposit, open } from "../account.fixture.js";

const apps: App[] = [];

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const app of apps.splice(0)) await app.stop();
});

async function start(middleware: readonly Middleware[] = []): Promise<App> {
  const app = createApp({ parts: [createAccount()], store: memory({ latency: 2 }), middleware });
  apps.push(app);
  await app.start();
  await app.send(open, { value: "a" });
  return app;
}

describe("the signal of a command", () => {
  it("is not created unless it is read, also when the command waits for others", async () => {
    const app = await start();
    let made = 0;
    const Native = AbortController;
    vi.stubGlobal("AbortController", function counted() {
      made++;
      return new Native();
    });
    const sends = Array.from({ length: 20 }, () => app.send(deposit, { value: "a:1" }));
    expect((await Promise.all(sends)).map(({ value }) => value)).toContain(20);
    expect(made).toBe(0);
  });

  it("ends a command that waits for others, also if a middleware has replaced it", async () => {
    const ends = new Map<string, AbortController>();
    const app = await start([
      forMethod(deposit, (call, next) => {
        const end = new AbortController();
        ends.set((call.request as { value: string }).value, end);
        const context = withContext(withContext(call.context, { signal: end.signal }), { tenant: call.context.tenant });
        return next({ ...call, context });
      }),
    ]);
    const [first, second, third] = [1, 10, 100].map((amount) => app.send(deposit, { value: `a:${amount}` }));
    ends.get("a:10")?.abort(new PotterError("cancelled", "took too long"));
    await expect(second).rejects.toMatchObject({ code: "cancelled", message: "took too long" });
    expect([await first, await third]).toMatchObject([{ value: 1 }, { value: 101 }]);
  });
});
