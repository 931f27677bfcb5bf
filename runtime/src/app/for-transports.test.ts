import { expect, it } from "vitest";
import { rest } from "../transport/rest/index.js";
import { rpc } from "../transport/rpc/index.js";
import { createApp } from "./index.js";
import { createTill } from "./till.fixture.js";

it("asks transports that recognize their own requests before the others, whatever the order in which they are given", async () => {
  for (const transports of [
    [rest(), rpc()],
    [rpc(), rest()],
  ]) {
    const app = createApp({ parts: createTill(), transports });
    const post = (path: string, headers: Record<string, string>) =>
      app.fetch(
        new Request(`http://shop${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: '"5"',
        }),
      );
    const connect = await post("/test.v1.Till/Charge", { "connect-protocol-version": "1" });
    expect([connect.status, await connect.json()]).toEqual([200, expect.any(String)]);
    expect((await post("/charge", {})).status).toBe(200);
    await app.stop();
  }
});
