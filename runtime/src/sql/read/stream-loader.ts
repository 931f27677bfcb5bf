import type { LoadedStream, StoredSnapshot, StreamId } from "../../store/ports/index.js";
import { type Schema, SqlArray, type SqlDriver, type SqlRow } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { atMilliseconds, bindStream, toStoredEvent } from "../values/index.js";

/** Maximum number of streams that one statement loads: their callers wait for all of them. */
const maxStreams = 32;
/** Maximum number of statements that load streams at a time, since long streams take long. */
const maxLoads = 4;

/** What to load of a stream: see `loadStream` of the event store. */
export interface LoadFrom {
  readonly stateVersion?: number;
  readonly after?: number;
}

/** A stream to load, as columns, with the version of the state or of the stream to load after. */
interface Load {
  readonly stream: readonly [tenant: string, type: string, id: string];
  readonly version: number;
}

type LoadRows = GroupCommit<Load, readonly SqlRow[]>;

/** Loads the input of the states of aggregates. Concurrent loads share statements. */
export class StreamLoader {
  private readonly driver: SqlDriver;
  private readonly all: LoadRows;
  private readonly after: LoadRows;
  private readonly snapshot: LoadRows;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const ofStream = "tenant = $1 AND stream_type = $2 AND stream_id = $3";
    const select = (table: string, columns: string, version: string) =>
      `(SELECT ${columns} FROM ${sql}.${table} WHERE ${ofStream} AND version > ${version} AND pos > 0 ORDER BY version)`;
    const both = (columns: string, version: string) =>
      `${select("events_archive", columns, version)} UNION ALL ${select("events", columns, version)}`;
    const columns = "version, type, schema_version, data";
    this.all = this.group("potter_load", select("events", columns, "$4"), []);
    this.after = this.group("potter_load_after", both(columns, "$4"), ["version"]);
    // The snapshot comes first: its version is below those of the events. Without it, events archived under a snapshot
    // of another version are read again.
    this.snapshot = this.group(
      "potter_load_snapshot",
      `WITH s AS MATERIALIZED (
        SELECT version, state, ${atMilliseconds} AS at FROM ${sql}.snapshots WHERE ${ofStream} AND state_version = $4
      )
      SELECT version, NULL AS type, 0 AS schema_version, state AS data, at FROM s
      UNION ALL ${both(`${columns}, ${atMilliseconds}`, "coalesce((SELECT version FROM s), 0)")}`,
      ["version", "type NULLS FIRST"],
    );
  }

  async load(stream: StreamId, { stateVersion, after }: LoadFrom = {}): Promise<LoadedStream> {
    const key = bindStream(stream);
    if (stateVersion === undefined) {
      const loads = after === undefined ? this.all : this.after;
      return { events: (await loads.run({ stream: key, version: after ?? 0 })).map(toStoredEvent) };
    }
    const rows = await this.snapshot.run({ stream: key, version: stateVersion });
    const [first, ...rest] = rows;
    if (first?.["type"] !== null) return { events: rows.map(toStoredEvent) };
    return { snapshot: toSnapshot(first, stateVersion), events: rest.map(toStoredEvent) };
  }

  /** `text`: loads the stream `$1`, `$2`, `$3`, with the version `$4`. `order`: what it must be ordered by. */
  private group(name: string, text: string, order: readonly string[]): LoadRows {
    const one = { name, text: order.length === 0 ? text : `${text} ORDER BY ${order.join(", ")}`, repeatable: true };
    const columns = ["u.tenant", "u.stream_type", "u.stream_id", "u.of_version"];
    // A subquery for each stream: a join, planned for an empty table, would keep scanning all of it.
    const many = {
      name: `${name}_many`,
      text: `SELECT u.n, e.* FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
        WITH ORDINALITY AS u (tenant, stream_type, stream_id, of_version, n)
        CROSS JOIN LATERAL (${text.replace(/\$(\d)/g, (_, n) => columns[Number(n) - 1] as string)} OFFSET 0) e
        ORDER BY ${["n", ...(order.length === 0 ? ["version"] : order)].join(", ")}`,
      repeatable: true,
    };
    const loadOne = ({ stream, version }: Load) => this.driver.query(one, [...stream, version]);
    const loadMany = async (loads: readonly Load[]): Promise<readonly SqlRow[][]> => {
      const column = (at: 0 | 1 | 2) =>
        new SqlArray(
          "text",
          loads.map(({ stream }) => stream[at]),
        );
      const versions = new SqlArray(
        "int8",
        loads.map(({ version }) => version),
      );
      const found: SqlRow[][] = loads.map(() => []);
      for (const row of await this.driver.query(many, [column(0), column(1), column(2), versions])) {
        found[Number(row["n"]) - 1]?.push(row);
      }
      return found;
    };
    const send = async (loads: readonly Load[]): Promise<readonly Settled<readonly SqlRow[]>[]> => {
      if (loads.length > 1) {
        // If it fails, perhaps because one stream is too long for the time limit, each is loaded alone.
        const found = await loadMany(loads).catch(() => undefined);
        if (found !== undefined) return found.map((result) => ({ result }));
      }
      return Promise.all(loads.map((load) => settle(loadOne(load))));
    };
    const { patience, blocks: gather } = this.driver;
    return new GroupCommit(send, () => [], { pieces: maxStreams, calls: maxLoads, patience, gather });
  }
}

async function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { result: await work };
  } catch (error) {
    return { error };
  }
}

function toSnapshot(row: SqlRow, stateVersion: number): StoredSnapshot {
  return { version: Number(row["version"]), stateVersion, state: row["data"] as Uint8Array, at: Number(row["at"]) };
}
