// A process that publishes the messages of an outbox until it kills itself: between publishing a message and recording that. It
// publishes at least 1 message and at most `most`. Publishing is one write to a file, which represents the receiver.
import { openSync, writeSync } from "node:fs";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { createApp, outbox } from "../../runtime/dist/index.js";
import { sleep } from "./shared.mjs";

const { url, schema, log, most, lease, batchSize } = JSON.parse(process.argv[2]);
const file = openSync(log, "a");
let left = 1 + Math.floor(most * Math.random());
const app = createApp({
  parts: [],
  store: postgres({ url, schema, applicationName: schema, connections: 3, migrate: false }),
  outbox: outbox({
    leaseDuration: lease,
    batchSize,
    poll: 20,
    publish: async ({ stream, version, id }, { epoch }) => {
      await sleep(3 * Math.random());
      writeSync(file, `${JSON.stringify({ pid: process.pid, stream: stream.id, version, id, epoch })}\n`);
      if (--left === 0) process.kill(process.pid, "SIGKILL");
      await sleep(3 * Math.random());
    },
  }),
});
await app.start();
process.on("SIGTERM", () => app.stop());
