// DBOS Transact, a library: workflows and the results of their steps are rows of its system database.
import { DBOS } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { createStep } from "../step.mjs";

// It uses pg in a way of which pg warns.
process.noDeprecation = true;

export async function open({ url, connections, isHeld }) {
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: url,
    systemDatabasePoolSize: connections,
    logLevel: "error",
    applicationVersion: "1",
  });
  const step = createStep(isHeld);
  const flow = DBOS.registerWorkflow(
    async (steps) => {
      for (let n = 0; n < steps; n++) await DBOS.runStep(() => step.run(n), { name: `step ${n}` });
      return steps;
    },
    { name: "flow" },
  );
  // Also starts again what the process before it has left.
  await DBOS.launch();
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    run: (id, steps) => DBOS.withNextWorkflowID(id, () => flow(steps)),
    start: (id, steps) => DBOS.startWorkflow(flow, { workflowID: id })(steps),
    held: () => step.held,
    recover: async () => {},
    async finished() {
      const { rows } = await pool.query(
        "SELECT count(*)::int AS count FROM dbos.workflow_status WHERE status = 'SUCCESS'",
      );
      return rows[0].count;
    },
    async close() {
      await pool.end();
      await DBOS.shutdown();
    },
  };
}
