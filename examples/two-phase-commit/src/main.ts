// Moves stock between PostgreSQL and MariaDB, with failures at each stage, shows both databases after each move, and ends.
//   npm run demo:two-phase-commit   starts both servers; MariaDB is installed if need be
import { setTimeout as sleep } from "node:timers/promises";
import { StockService } from "../gen/warehouse/v1/warehouse_cqrs.js";
import { createDatabases } from "./databases.js";
import { type Outage, startWarehouse } from "./warehouse.js";

const { POTTER_POSTGRES_URL: postgresUrl, POTTER_MARIADB_URL: mariadbUrl } = process.env;

async function run(postgres: string, mariadb: string): Promise<void> {
  const databases = await createDatabases(postgres, mariadb);
  let outage: Outage = "none";
  const { app, coordinator, stop } = await startWarehouse(databases, () => outage);

  const showStock = async (): Promise<void> => {
    const { north, south } = await databases.stockOf("teapot");
    console.log(`  north (PostgreSQL): ${north}, south (MariaDB): ${south}`);
  };
  const move = async (pieces: number, commandId: string): Promise<void> => {
    const outcome = await app.send(StockService.methods.moveStock, { sku: "teapot", pieces }, { commandId }).then(
      () => "moved",
      (error: Error) => `not moved: ${error.message}`,
    );
    console.log(`  ${outcome}`);
  };

  console.log("Ten teapots are in the north");
  await showStock();

  console.log("\nFour are moved");
  await move(4, "move-1");
  await showStock();

  console.log("\nThe same command again: it has been done");
  await move(4, "move-1");
  await showStock();

  console.log("\nMore than there are: the command is refused");
  await move(20, "move-2");
  await showStock();

  console.log("\nMariaDB does not answer before the decision: PostgreSQL is rolled back");
  outage = "prepare";
  await move(1, "move-3");
  outage = "none";
  await showStock();

  console.log("\nMariaDB does not answer after the decision: it stands, and recovery commits the branch");
  outage = "commit";
  await move(1, "move-4");
  outage = "none";
  while ((await coordinator.list()).length > 0) await sleep(50);
  await showStock();

  await stop();
  await databases.drop();
}

if (postgresUrl === undefined || mariadbUrl === undefined) {
  const missing = [!postgresUrl && "PostgreSQL (POTTER_POSTGRES_URL)", !mariadbUrl && "MariaDB (POTTER_MARIADB_URL)"];
  console.error(`\n*** SKIPPED: this demo needs ${missing.filter(Boolean).join(" and ")}, which cannot be had\n`);
} else {
  await run(postgresUrl, mariadbUrl);
}
