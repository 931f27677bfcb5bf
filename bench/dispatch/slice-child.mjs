// One contender at one work, in a process of its own: node slice-child.mjs CONTENDER WORK [--smoke]
import { serveParent } from "../harness/child.mjs";
import { works } from "./works.mjs";

const [file, key, smoke] = process.argv.slice(2);
const found = works.find((work) => work.key === key);
const work = smoke === undefined ? found : { ...found, ...found.smoke };
const contender = await import(file);
const create = contender.tasks[work.task];

let task;
let done = 0;

/** A fresh store when there is none yet or the present one has grown beyond what is to be measured. */
async function prepare() {
  if (task !== undefined && (work.keep === undefined || done + work.batch <= work.start + work.keep)) return;
  task = await create();
  done = 0;
  if (work.start) {
    expectRight(await task.run(work.start), work.start);
    done = work.start;
  }
}

async function slice({ milliseconds }) {
  let spent = 0;
  let operations = 0;
  const deadline = performance.now() + 4 * milliseconds;
  while (spent < milliseconds && operations < (work.most ?? Infinity)) {
    await prepare();
    const start = performance.now();
    const right = await task.run(work.batch);
    spent += performance.now() - start;
    expectRight(right, work.batch);
    operations += work.batch;
    done += work.batch;
    if (performance.now() > deadline) break;
  }
  await task.check(done);
  return (operations / spent) * 1_000;
}

function expectRight(right, count) {
  if (right !== count) throw new Error(`${contender.name}: ${count - right} of ${count} answers were wrong`);
}

serveParent({ slice });
