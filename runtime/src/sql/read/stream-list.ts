import { isPotterError } from "../../errors/index.js";
import type { Schema, SqlDriver } from "../driver/index.js";

/** Number of positions whose streams one statement adds to the list. */
const batchSize = 50_000;

/**
 * The table of streams: a list for tools, which appends do not write. It is brought up to date before it is read. What is closed
 * and archived in it is always exact.
 */
export class StreamList {
  private readonly driver: SqlDriver;
  private readonly sql: Readonly<Record<"listed" | "add", string>>;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    this.sql = {
      listed: `SELECT listed FROM ${sql}.high_water_mark`,
      // Only one of several processes that update at once moves the mark, and adds the streams.
      add: `WITH moved AS (UPDATE ${sql}.high_water_mark SET listed = $2 WHERE listed = $1 RETURNING 1)
        INSERT INTO ${sql}.streams AS s (tenant, type, id, version)
        SELECT tenant, stream_type, stream_id, max(version) FROM ${sql}.events
        WHERE pos > $1 AND pos <= $2 AND EXISTS (SELECT FROM moved)
        GROUP BY tenant, stream_type, stream_id ORDER BY tenant, stream_type, stream_id
        ON CONFLICT (id, type, tenant) DO UPDATE SET version = greatest(s.version, excluded.version)`,
    };
  }

  /** `upTo`: a position at or below which no event can still appear. */
  async update(upTo: number): Promise<void> {
    try {
      for (;;) {
        const [row] = await this.driver.query({ text: this.sql.listed, repeatable: true }, []);
        const listed = Number(row?.["listed"] ?? upTo);
        if (listed >= upTo) return;
        await this.driver.query({ text: this.sql.add }, [listed, Math.min(upTo, listed + batchSize)]);
      }
    } catch (error) {
      // Without the right to write, the events after the mark are read each time.
      if (!isPotterError(error)) throw error;
    }
  }
}
