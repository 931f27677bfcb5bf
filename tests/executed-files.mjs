// Prints the files of the runtime whose functions run while one REST command is executed, from node:http to the handler and back.
// A process of its own: the coverage must not include anything else.
import { Session } from "node:inspector/promises";
import { payments, trialGateway } from "../examples/shop/dist/src/payments.js";
import { serve } from "../runtime/dist/adapters/node/index.js";
import { createApp, memory } from "../runtime/dist/index.js";

const app = createApp({ store: memory(), parts: [payments(trialGateway)] });
const server = await serve(app);
const post = async () => {
  const response = await fetch(`${server.url}/v1/payments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orderId: "o1", amount: "5", cardToken: "visa" }),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  await response.text();
};

// The first requests compile and cache.
await post();
await post();
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
// Resets the counts.
await session.post("Profiler.takePreciseCoverage");
await post();
const { result } = await session.post("Profiler.takePreciseCoverage");
const executed = result.filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0));
const files = executed.flatMap(({ url }) => /\/runtime\/dist\/(.*)\.js$/.exec(url)?.[1] ?? []);
process.stdout.write(JSON.stringify(files.map((file) => `runtime/src/${file}.ts`).sort()));
session.disconnect();
await server.stop();
