// Read models in SQL tables of the user's own, by Kysely. Knows stores by the room `sql`, and no driver.
export { json } from "./json.js";
export { kyselyOf } from "./store-kysely.js";
