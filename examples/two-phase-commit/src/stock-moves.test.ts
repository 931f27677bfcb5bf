import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { StockService } from "../gen/warehouse/v1/warehouse_cqrs.js";
import { createDatabases, type Databases } from "./databases.js";
import { type Outage, startWarehouse, type Warehouse } from "./warehouse.js";

const { POTTER_POSTGRES_URL: postgres = "", POTTER_MARIADB_URL: mariadb = "" } = process.env;
const hasServers = postgres !== "" && mariadb !== "";
if (!hasServers) process.stderr.write("\n*** SKIPPED: there is no PostgreSQL, or no MariaDB: no stock is moved\n\n");

describe.skipIf(!hasServers)("a stock move", () => {
  let databases: Databases;
  let warehouse: Warehouse;
  let outage: Outage;

  beforeAll(async () => {
    databases = await createDatabases(postgres, mariadb);
  });
  beforeEach(async () => {
    outage = "none";
    warehouse = await start();
    await databases.north.query("UPDATE stock SET pieces = 10");
    await databases.south.query("DELETE FROM stock");
  });
  afterEach(() => warehouse.stop());
  afterAll(() => databases.drop());

  const start = () => startWarehouse(databases, () => outage);
  const stock = () => databases.stockOf("teapot");
  const move = (pieces: number, commandId: string = crypto.randomUUID(), { app } = warehouse) =>
    app.send(StockService.methods.moveStock, { sku: "teapot", pieces }, { commandId });

  /** Entries of the coordinator's log, and branches that are prepared in PostgreSQL. */
  async function unfinished(): Promise<number> {
    const prepared = await databases.north.query("SELECT FROM pg_prepared_xacts WHERE database = current_database()");
    return (prepared.rowCount ?? 0) + (await warehouse.coordinator.list()).length;
  }

  it("changes both databases", async () => {
    await move(4);
    await expect.poll(stock).toEqual({ north: 6, south: 4 });
  });

  it("is refused if there is too little in the north", async () => {
    await expect(move(11)).rejects.toMatchObject({ detail: { typeName: "warehouse.v1.NotEnoughStock" } });
    expect(await stock()).toEqual({ north: 10, south: 0 });
  });

  it("is undone in PostgreSQL if the rule of a table in MariaDB refuses it", async () => {
    await databases.north.query("UPDATE stock SET pieces = 200");
    await expect(move(101)).rejects.toMatchObject({ detail: { typeName: "warehouse.v1.WarehouseFull" } });
    await expect.poll(stock).toEqual({ north: 200, south: 0 });
  });

  it("is undone in PostgreSQL if MariaDB cannot prepare", async () => {
    outage = "prepare";
    await expect(move(4)).rejects.toThrow("participant south could not prepare");
    await expect.poll(unfinished).toBe(0);
    expect(await stock()).toEqual({ north: 10, south: 0 });
  });

  it("is completed by recovery if MariaDB does not answer after the decision", async () => {
    outage = "commit";
    await move(4);
    expect((await stock()).south).toBe(0);
    expect(await unfinished()).toBeGreaterThan(0);
    outage = "none";
    await expect.poll(stock).toEqual({ north: 6, south: 4 });
    await expect.poll(unfinished).toBe(0);
  });

  it("happens once for a command id, even if the process died before it recorded the response", async () => {
    await move(4, "once");
    // Another process, whose store knows nothing of the command.
    const other = await start();
    await move(4, "once", other);
    await other.stop();
    await expect.poll(stock).toEqual({ north: 6, south: 4 });
  });
});
