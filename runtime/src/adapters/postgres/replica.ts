import type pg from "pg";
import type { SqlRow } from "../../sql/index.js";
import type { Connections } from "./connections/index.js";

/** How long a failed replica is not used, in milliseconds. */
const rest = 2000;

/** Reads from a replica that has replayed enough of the log of the primary. */
export class Replica {
  private readonly connections: Connections;
  /** Whether each transaction may reach another server. */
  private readonly pooled: boolean;
  private readonly replayed = new WeakMap<object, bigint>();
  private restUntil = 0;

  constructor(connections: Connections, pooled: boolean) {
    this.connections = connections;
    this.pooled = pooled;
  }

  /**
   * Runs a read if the replica has replayed the log of the primary up to `lsn`. Otherwise, or if it fails, returns
   * undefined. A separate statement checks this first: a combined one could take its snapshot too early.
   */
  async read(
    lsn: string,
    run: (client: pg.PoolClient) => Promise<readonly SqlRow[]>,
  ): Promise<readonly SqlRow[] | undefined> {
    if (performance.now() < this.restUntil) return undefined;
    try {
      return await this.connections.use(async (client) => {
        if (!this.pooled) return (await this.hasReplayed(client, toBytes(lsn))) ? run(client) : undefined;
        await client.query("BEGIN READ ONLY");
        const rows = (await this.hasReplayed(client, toBytes(lsn))) ? await run(client) : undefined;
        await client.query("COMMIT");
        return rows;
      });
    } catch {
      this.restUntil = performance.now() + rest;
      return undefined;
    }
  }

  /** Bytes of the log up to `lsn` that the replica has not replayed. Throws when it is not reachable. */
  lagBehind(lsn: string): Promise<number | undefined> {
    return this.connections.use(async (client) => {
      const replayed = await askReplayed(client);
      if (replayed === undefined) return undefined;
      const missing = toBytes(lsn) - replayed;
      return missing > 0n ? Number(missing) : 0;
    });
  }

  end(timeout: number): Promise<void> {
    return this.connections.end(timeout);
  }

  private async hasReplayed(client: pg.PoolClient, lsn: bigint): Promise<boolean> {
    const known = this.pooled ? undefined : this.replayed.get(client);
    if (known !== undefined && known >= lsn) return true;
    const replayed = await askReplayed(client);
    if (replayed === undefined) return false;
    this.replayed.set(client, replayed);
    return replayed >= lsn;
  }
}

/** undefined: the server is not a standby, so its log positions are unrelated. */
async function askReplayed(client: pg.PoolClient): Promise<bigint | undefined> {
  const text = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS lsn";
  const { rows } = await client.query<{ readonly lsn: string | null }>(text);
  const lsn = rows[0]?.lsn ?? undefined;
  return lsn === undefined ? undefined : toBytes(lsn);
}

/** Parses an LSN: two hexadecimal numbers. */
function toBytes(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
