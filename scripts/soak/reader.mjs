// A process that follows all events until it is killed. It logs each slice and its position in one write; the next process
// resumes from there.
import { openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import pg from "pg";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { patiently, sleep } from "./shared.mjs";

const { url, schema, log, naive = false } = JSON.parse(process.argv[2]);

/** The position of the previous process. An incomplete line does not count. */
function resume() {
  const text = readFileSync(log, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  truncateSync(log, Buffer.byteLength(whole));
  const last = whole.trimEnd().split("\n").at(-1);
  return last ? JSON.parse(last).to : 0;
}

/** Reads by position only, which misses events that commit late. */
function naiveRead() {
  const client = new pg.Client({ connectionString: url });
  const connected = client.connect();
  const text = `SELECT pos, id, stream_id, version FROM ${schema}.events WHERE pos > $1 ORDER BY pos LIMIT $2`;
  return async (after, limit) => {
    await connected;
    const { rows } = await client.query(text, [after, limit]);
    const events = rows.map(({ pos, id, stream_id, version }) => [id, Number(pos), stream_id, Number(version)]);
    const position = events.at(-1)?.[1] ?? after;
    return { events, position };
  };
}

async function gapSafeRead() {
  const store = postgres({ url, schema, connections: 2, migrate: false });
  await patiently(() => store.start());
  return async (after, limit) => {
    const { events, position } = await patiently(() => store.events.readAll(after, limit));
    return { events: events.map((e) => [e.id, e.position, e.stream.id, e.version]), position };
  };
}

const read = naive ? naiveRead() : await gapSafeRead();
let from = resume();
const file = openSync(log, "a");
for (;;) {
  const { events, position: to } = await read(from, 50);
  if (to > from) writeSync(file, `${JSON.stringify({ from, to, events })}\n`);
  else await sleep(2);
  from = to;
}
