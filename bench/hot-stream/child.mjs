// All contenders in one process: node child.mjs SERVER-URL
import { readdirSync } from "node:fs";
import { serveParent } from "../harness/child.mjs";
import { createDatabase } from "../harness/postgres.mjs";
import { pay } from "./pay.mjs";
import { connections } from "./works.mjs";

const [server] = process.argv.slice(2);
const folder = new URL("contenders/", import.meta.url);
const opened = [];

/** Returns each contender's name, and where it stores its events. */
async function open() {
  for (const file of readdirSync(folder).sort()) {
    const { contenders } = await import(new URL(file, folder).href);
    for (const { name, on, open } of contenders) {
      const url = on === "postgres" ? await createDatabase(server) : undefined;
      opened.push({ name, on, ...(await open({ url, connections })) });
    }
  }
  return opened.map(({ name, on }) => ({ name, on }));
}

function slice({ contender, work, milliseconds }) {
  return pay(
    opened.find(({ name, on }) => name === contender && on === work.on),
    work,
    milliseconds,
  );
}

async function close() {
  for (const contender of opened) await contender.close?.();
}

serveParent({ open, slice, close });
