// The steps that create and change the tables and the functions of the database, and what runs them.
export { groupPatience, refusedState } from "./functions/append-group.js";
export { outcomes } from "./functions/outcomes.js";
export {
  lastVersion,
  latestMarker,
  latestVersion,
  markerColumns,
  markers,
  markerValues,
} from "./functions/stream-version.js";
export { checkMigrated, migrate, readMigrationStatus } from "./migrate.js";
export { type Migration, migrations } from "./migrations.js";
