// Health checks during the stop of a server. Its requests still run then, and open connections may send more.
import { Agent, request } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { createApp } from "../../app/index.js";
import type { Transport } from "../../http/index.js";
import { rpc } from "../../transport/rpc/index.js";
import { serve } from "./index.js";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterEach(() => agent.destroy());

function post(url: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(`${url}${path}`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    });
    sent.on("error", reject).end("{}");
  });
}

it("reports that the app does not serve as soon as the server stops", async () => {
  let finish: (() => void) | undefined;
  const slow: Transport = {
    name: "slow",
    mount: () => (incoming) =>
      incoming.path === "/slow"
        ? new Promise((resolve) => {
            finish = () => resolve({ status: 200, headers: {}, body: "done" });
          })
        : undefined,
  };
  const app = createApp({ parts: [], transports: [slow, rpc()] });
  const server = await serve(app, { port: 0, drainTimeout: 5_000 });
  const check = () => post(server.url, "/grpc.health.v1.Health/Check");
  expect(JSON.parse(await check())).toEqual({ status: "SERVING" });
  const running = fetch(`${server.url}/slow`).then((response) => response.text());
  await vi.waitFor(() => expect(finish).toBeDefined());
  const stopped = server.stop();
  expect(JSON.parse(await check())).toEqual({ status: "NOT_SERVING" });
  finish?.();
  expect(await running).toBe("done");
  await stopped;
});
