import { expect, it } from "vitest";
import { rest } from "../transport/rest/index.js";
import { rpc } from "../transport/rpc/index.js";
import { createApp } from "./index.js";
import { createTill } from "./till.fixture.js";

it("allows pages of other origins the headers of the transports that an app has", async () => {
  const headersOf = async (transports: Parameters<typeof createApp>[0]["transports"] & object) => {
    const app = createApp({ parts: createTill(), transports, http: { cors: { origins: "*" } } });
    const ask = (method: string, headers: Record<string, string>) =>
      app.fetch(new Request("http://shop/charge", { method, headers: { origin: "https://page.example", ...headers } }));
    const preflight = await ask("OPTIONS", { "access-control-request-method": "POST" });
    const answer = await ask("GET", {});
    await app.stop();
    return [
      preflight.headers.get("access-control-allow-headers"),
      answer.headers.get("access-control-expose-headers"),
    ].join();
  };
  const ofRest = await headersOf([rest()]);
  expect(ofRest).toContain("if-match");
  expect(ofRest).not.toMatch(/grpc|connect/);
  expect(await headersOf([rest(), rpc()])).toMatch(/connect-protocol-version.*x-grpc-web.*grpc-status-details-bin/s);
});
