// Restate: a server with a log and a store of its own, that calls this process over HTTP/2. Needs Node 22.
import { once } from "node:events";
import { Agent, request } from "node:http";
import { createServer } from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import { createStep } from "../step.mjs";

export async function open({ restate: server, isHeld }) {
  const { ingress, admin, port } = server;
  const step = createStep(isHeld);
  const flow = restate.workflow({
    name: "flow",
    handlers: {
      run: async (context, steps) => {
        for (let n = 0; n < steps; n++) await context.run(`step ${n}`, () => step.run(n));
        return steps;
      },
    },
  });
  const handle = restate.createEndpointHandler({ services: [flow], logger: () => {} });
  const listening = createServer(handle).listen(port, "127.0.0.1");
  await once(listening, "listening");
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const post = (base, path, body) => send(agent, new URL(path, base), body);
  await post(admin, "/deployments", { uri: `http://127.0.0.1:${port}`, force: true });
  return {
    async run(id, steps) {
      const done = await post(ingress, `/flow/${id}/run`, steps);
      if (done !== steps) throw new Error(`Restate has run ${done} steps instead of ${steps}`);
    },
    start: (id, steps) => post(ingress, `/flow/${id}/run/send`, steps),
    held: () => step.held,
    // The server calls again.
    recover: async () => {},
    async finished() {
      const query = "SELECT count(*) AS count FROM sys_invocation WHERE status = 'completed'";
      return (await post(admin, "/query", { query })).rows[0].count;
    },
    close: async () => agent.destroy(),
  };
}

function send(agent, url, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      accept: "application/json",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    };
    const call = request(url, { agent, method: "POST", headers }, (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        answer += chunk;
      });
      response.on("end", () => {
        if (response.statusCode < 300) resolve(JSON.parse(answer));
        else reject(new Error(`Restate answers ${response.statusCode}: ${answer}`));
      });
    });
    call.once("error", reject);
    call.end(text);
  });
}
