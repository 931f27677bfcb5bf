// All contenders in one process: node child.mjs SERVER-URL
import { readdirSync } from "node:fs";
import { serveParent } from "../harness/child.mjs";
import { createDatabase } from "../harness/postgres.mjs";
import { tasks } from "./tasks/index.mjs";
import { connections, works } from "./works.mjs";

const [server] = process.argv.slice(2);
const folder = new URL("contenders/", import.meta.url);
const opened = new Map();

/** Returns each contender's name, with the keys of its works. */
async function open() {
  for (const file of readdirSync(folder).sort()) {
    const { contenders } = await import(new URL(file, folder).href);
    for (const { name, server: needsServer, leaves = [], open } of contenders) {
      const url = needsServer === false ? undefined : await createDatabase(server);
      opened.set(name, { name, leaves, ...(await open({ url, connections })) });
    }
  }
  return [...opened.values()].map((contender) => ({ name: contender.name, works: worksOf(contender) }));
}

function worksOf(contender) {
  const able = { rebuild: contender.views?.rebuild, visible: contender.views?.deposit, appendGrown: contender.grow };
  const takesPart = ({ key, task }) => !contender.leaves.includes(key) && (!(task in able) || able[task] !== undefined);
  return works.filter(takesPart).map(({ key }) => key);
}

/** Empties the tables, and fills what the work reads. Not timed. */
async function prepare({ contender, work, settings }) {
  const { task, ...rest } = find(work, settings);
  await tasks[task].prepare(opened.get(contender), rest, settings);
}

/** Runs one slice. Returns its measurements by name. */
async function slice({ contender, work, milliseconds, settings }) {
  const { task, ...rest } = find(work, settings);
  return tasks[task].slice(opened.get(contender), rest, milliseconds, settings);
}

/** Releases the resources of a work: it would otherwise keep running during the next one. */
async function leave({ contender }) {
  await opened.get(contender).empty();
}

function find(key, { scale }) {
  const work = works.find((one) => one.key === key);
  return work.after === undefined ? work : { ...work, after: work.after * scale };
}

async function close() {
  for (const contender of opened.values()) await contender.close();
}

serveParent({ open, prepare, slice, leave, close });
