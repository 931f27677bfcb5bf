// A process that runs projections until it kills itself at a named point of its work. One projection, in the store's database,
// counts the events of each stream; one with an external target writes them to a file, which represents that system.
import { openSync, writeSync } from "node:fs";
import { BytesValueSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { defineReadModel, es } from "../../runtime/dist/codegen/index.js";
import { createApp } from "../../runtime/dist/index.js";

const { url, schema, point, nth, lease, trace, sent, mutant } = JSON.parse(process.argv[2]);
const traceFile = openSync(trace, "a");
const sentFile = openSync(sent, "a");

let left = nth;

/** A point at which the process can die. It dies at its own point, at the nth time. */
function pass(name, signal = "SIGKILL") {
  if (name !== point || --left !== 0) return;
  writeSync(traceFile, `${name} ${process.pid}\n`);
  process.kill(process.pid, signal);
}

/** Dies while the next statement is on its way to the database, or has just arrived. */
function passSoon(name) {
  setTimeout(() => pass(name), 2 * Math.random());
}

const counted = { type: "soak.Counted", version: 1, codec: es(StringValueSchema) };

const readModel = (schema) =>
  defineReadModel({
    name: schema.typeName,
    codec: es(schema),
    keyField: "value",
    key: (row) => String(row.value).split(" ")[0] ?? "",
    events: { counted },
  });

/** A row: the stream, how many events were applied, the version of the last one, and `broken` once that was not the next. */
const counts = readModel(StringValueSchema).projection({
  shards: 4,
  on: {
    counted: async (_event, rows, { stream, version }) => {
      const row = await rows.get(stream.id);
      const [, count = "0", last = "0", broken] = row?.value.split(" ") ?? [];
      const isNext = Number(last) + 1 === version && broken === undefined;
      await rows.upsert({ value: `${stream.id} ${Number(count) + 1} ${version}${isNext ? "" : " broken"}` });
    },
  },
});

const copies = readModel(BytesValueSchema).projection({
  target: {
    transactional: false,
    write: async (changes, { epoch }) => {
      for (const { change } of changes) writeSync(sentFile, `${JSON.stringify({ ...change, epoch })}\n`);
      pass("sent");
    },
  },
  on: {
    counted: (_event, { emit }, { stream, version }) => emit({ stream: stream.id, version }),
  },
});

function over(target, changes) {
  return new Proxy(target, {
    get(object, key) {
      const value = key in changes ? changes[key] : object[key];
      return typeof value === "function" ? value.bind(object) : value;
    },
  });
}

const base = postgres({ url, schema, applicationName: schema, connections: 4, migrate: false });
const { events, projections } = base;

const isOwn = ({ name }) => name === StringValueSchema.typeName;

const store = over(base, {
  events: over(events, {
    readAll: async (after, limit, filter) => {
      const slice = await events.readAll(after, Math.min(limit, 10), filter);
      if (slice.events.length > 0) {
        pass("read");
        pass("frozen after the read", "SIGSTOP");
      }
      return slice;
    },
  }),
  projections: over(projections, {
    acquire: async (...args) => {
      const found = await projections.acquire(...args);
      if (found !== undefined) pass("leased");
      return found;
    },
    commit: async (move, apply) => {
      if (mutant === "apart" && isOwn(move)) {
        // Like a separate checkpoint: the rows first, then their position.
        if (!(await projections.commit({ ...move, to: move.from }, apply))) return false;
        pass("apart");
        return projections.commit(move, async () => []);
      }
      const moved = await projections.commit(move, async (transaction) => {
        const deadLetters = await apply(transaction);
        if (isOwn(move)) {
          pass("applied");
          pass("frozen in the transaction", "SIGSTOP");
          if (move.generation > 1) pass("rebuilding");
          passSoon("committing");
        }
        return deadLetters;
      });
      if (isOwn(move)) pass("committed");
      return moved;
    },
    promote: async (build) => {
      if (isOwn(build)) {
        pass("before the swap");
        passSoon("swapping");
      }
      await projections.promote(build);
      if (isOwn(build)) pass("swapped");
    },
  }),
});

const app = createApp({ store, parts: [counts, copies], projections: { leaseDuration: lease, retiredBuildTtl: 500 } });
process.on("SIGTERM", () => app.stop());
await app.start();
