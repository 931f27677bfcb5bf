// One contender in its own process: node child.mjs CONTENDER OPTIONS, as JSON.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { countTraffic } from "../command/traffic.mjs";
import { serveParent } from "../harness/child.mjs";

const [file, text] = process.argv.slice(2);
const options = JSON.parse(text);
const traffic = options.url ? countTraffic(Number(new URL(options.url).port)) : { statements: 0, flushes: 0 };
const { open } = await import(file);
const contender = await open(options);

/** CPU in microseconds, and what was sent to PostgreSQL. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, ...traffic };
}

/** Each caller starts a workflow as soon as its last one has ended. Returns how long each took, in milliseconds. */
async function runFor({ milliseconds, callers, steps }) {
  const latencies = [];
  const end = performance.now() + milliseconds;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      do {
        const started = performance.now();
        await contender.run(randomUUID(), steps);
        latencies.push(performance.now() - started);
      } while (performance.now() < end);
    }),
  );
  return Float64Array.from(latencies);
}

/** Starts workflows whose second steps do not end, and waits until all are there. */
async function hold({ count, steps }) {
  const before = contender.held();
  let failure;
  const fail = (error) => {
    failure ??= error;
  };
  for (let i = 0; i < count; i += atOnce) {
    const some = Math.min(atOnce, count - i);
    for (let n = 0; n < some; n++) Promise.resolve(contender.start(randomUUID(), steps)).catch(fail);
    await until(() => {
      if (failure !== undefined) throw failure;
      return contender.held() - before >= i + some;
    });
  }
}

const atOnce = 100;

/**
 * Starts workflows that only wait, for times spread over `within` milliseconds that begin once all have been started.
 * Returns how late each has ended, in milliseconds.
 */
async function fire({ count, within }) {
  const first = Date.now() + Math.max(1_000, count * 5);
  return Float64Array.from(
    await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const at = first + Math.floor((n * within) / count);
        await contender.wait(randomUUID(), new Date(at));
        return Date.now() - at;
      }),
    ),
  );
}

/** Goes on with what a killed process has left, and waits until so many workflows have ended. */
async function recover({ count }) {
  await contender.recover();
  await until(async () => (await contender.finished()) >= count);
  return contender.finished();
}

async function until(holds) {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("A workflow does not go on");
    await sleep(10);
  }
}

/** Bytes of the heap without garbage, and of the whole process. */
function memory() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

serveParent({
  usage,
  runFor,
  hold,
  recover,
  memory,
  fire,
  // Timers for times in thirty days and later.
  pend: ({ count }) => contender.pend(count, randomUUID()),
  multiply: ({ count }) => contender.multiply(count),
  finished: () => contender.finished(),
  close: () => contender.close(),
});
