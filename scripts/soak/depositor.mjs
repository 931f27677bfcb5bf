// A process whose callers all send commands to one stream, under ids that depend only on `owner`: the successor of a killed
// process repeats its commands. It logs each response in one write.
import { openSync, readFileSync, writeSync } from "node:fs";
import { StockService } from "../../examples/shop/dist/gen/shop/stock/v1/stock_cqrs.js";
import { stockItem } from "../../examples/shop/dist/src/stock.js";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { createApp } from "../../runtime/dist/index.js";
import { sleep } from "./shared.mjs";

const { url, schema, log, owner, callers, each, sku, quantity } = JSON.parse(process.argv[2]);
const file = openSync(log, "a");
const store = postgres({ url, schema, applicationName: schema, connections: 4, migrate: false });
const app = createApp({ store, parts: [stockItem], unimplemented: [StockService.methods.getStock] });

async function call(caller) {
  for (let n = 0; n < each; n++) {
    const commandId = `${owner}-${caller}-${n}`;
    await deposit(commandId);
    // A caller that missed the response sends the command again.
    if (n % 4 === 0) await deposit(commandId);
  }
}

async function deposit(commandId) {
  for (;;) {
    try {
      const { available } = await app.send(StockService.methods.replenish, { sku, quantity }, { commandId });
      return note({ commandId, available });
    } catch (error) {
      note({ commandId, code: error.code ?? error.stack });
      // Every other code is a violation, which the test finds in the log.
      if (error.code !== "aborted") return;
    }
  }
}

function isReady(number) {
  return new RegExp(`"owner":${number},"pid":\\d+,"ready"`).test(readFileSync(log, "utf8"));
}

function note(line) {
  writeSync(file, `${JSON.stringify({ owner, pid: process.pid, ...line })}\n`);
}

// Stays alive until SIGTERM: a process that exits by itself is restarted.
const alive = setInterval(() => {}, 60_000);
process.on("SIGTERM", async () => {
  clearInterval(alive);
  await app.stop();
});
await app.start();
note({ ready: true });
// Both owners begin at the same time, so that they conflict.
while (![0, 1].every(isReady)) await sleep(5);
await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
note({ done: true });
