// By the public API, as any app would: the commands of local steps are decided by aggregates, those of remote steps are functions.
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import pg from "pg";
import {
  createSagaApp,
  LocalTen,
  LocalThree,
  postgres,
  RemoteTen,
  RemoteThree,
  SameTen,
  SameThree,
  Wait,
} from "../../potter/dist/saga.mjs";
import { createStep } from "../step.mjs";

const sagas = {
  local: { 3: LocalThree, 10: LocalTen },
  same: { 3: SameThree, 10: SameTen },
  remote: { 3: RemoteThree, 10: RemoteTen },
};

export async function open({ url, connections, isHeld, steps: kind, commandsPerTransaction }) {
  const step = createStep(isHeld);
  const options = { concurrency: 1_000_000, ...(commandsPerTransaction && { commandsPerTransaction }) };
  const app = createSagaApp(postgres({ url, connections }), step.run, options);
  await app.start();
  return {
    async run(sagaId, steps) {
      const { status } = await app.saga(sagas[kind][steps]).run({ sagaId });
      if (status !== "completed") throw new Error(`a saga is ${status}`);
    },
    start: (sagaId, steps) => app.saga(sagas[kind][steps]).start({ sagaId }),
    held: () => step.held,
    // Its engine takes over what has no owner any more.
    recover: async () => {},
    async finished() {
      const counts = await Promise.all(Object.values(sagas[kind]).map((saga) => app.saga(saga).counts()));
      return counts.reduce((sum, { completed }) => sum + completed, 0);
    },
    async multiply(count) {
      await copyRows(url, "status", "completed", count, "0");
    },
    wait: (sagaId, at) => app.saga(Wait).run({ sagaId, at: timestampFromDate(at) }),
    async pend(count, sagaId) {
      await app.saga(Wait).start({ sagaId, at: timestampFromDate(new Date(Date.now() + month)) });
      await copyRows(url, "status", "running", count, "n * 1000");
    },
    close: () => app.stop(),
  };
}

const month = 30 * 24 * 60 * 60 * 1_000;

/**
 * Copies a saga's row until there are `count` of its table: the work of a million sagas would take as long as the
 * benchmark. `later`: how much later the nth is due, as SQL, in milliseconds.
 */
async function copyRows(url, field, value, count, later) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `WITH one AS (
         SELECT * FROM potter.rows WHERE view LIKE 'potter.sagas.%' AND fields ->> '${field}' = '${value}' LIMIT 1
       )
       INSERT INTO potter.rows (view, version, generation, tenant, key, data, fields)
       SELECT view, version, generation, tenant, gen_random_uuid()::text, data, CASE
         WHEN (fields ->> '@due')::bigint > 0
         THEN jsonb_set(fields, '{@due}', to_jsonb((fields ->> '@due')::bigint + ${later}))
         ELSE fields END
       FROM one, generate_series(2, $1) n`,
      [count],
    );
    if (rowCount < count - 1) throw new Error("no saga to copy");
    await client.query("VACUUM ANALYZE potter.rows");
  } finally {
    await client.end();
  }
}
