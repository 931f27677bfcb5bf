import { type App, createApp, memory } from "@potter/runtime";
import { mariadbParticipant } from "@potter/runtime/mariadb";
import { postgresCoordinatorLog, postgresParticipant } from "@potter/runtime/postgres";
import { type Coordinator, createCoordinator, type Participant } from "@potter/runtime/two-phase-commit";
import type { PoolConnection } from "mysql2/promise";
import type { Databases } from "./databases.js";
import { stockMoves } from "./stock-moves.js";

/** The running service, and what it is made of. */
export interface Warehouse {
  readonly app: App;
  readonly coordinator: Coordinator;
  stop(): Promise<void>;
}

/** Which calls of the southern database fail, for tests and the demo. */
export type Outage = "none" | "prepare" | "commit";

/** Starts the service. The log of the coordinator is in PostgreSQL. `outage` is asked before each call. */
export async function startWarehouse(databases: Databases, outage: () => Outage = () => "none"): Promise<Warehouse> {
  const north = postgresParticipant({ name: "north", pool: databases.north });
  const south = withOutage(mariadbParticipant({ name: "south", pool: databases.south }), outage);
  const coordinator = createCoordinator({
    log: postgresCoordinatorLog({ pool: databases.north }),
    participants: [north, south],
    // Short, so that recovery is soon seen.
    lease: 1_000,
    recoveryInterval: 100,
  });
  await coordinator.start();
  const app = createApp({ store: memory(), parts: [stockMoves(coordinator, { north, south })] });
  return {
    app,
    coordinator,
    async stop() {
      await app.stop();
      await coordinator.stop();
    },
  };
}

function withOutage(participant: Participant<PoolConnection>, outage: () => Outage): Participant<PoolConnection> {
  const fail = (call: Outage): void => {
    if (outage() === call) throw new Error(`the southern database does not answer: ${call}`);
  };
  return Object.assign(Object.create(participant) as Participant<PoolConnection>, {
    async prepare(...given: Parameters<typeof participant.prepare>) {
      fail("prepare");
      await participant.prepare(...given);
    },
    async commit(...given: Parameters<typeof participant.commit>) {
      fail("commit");
      await participant.commit(...given);
    },
  });
}
