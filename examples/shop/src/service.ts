// The shop as the command `potter` finds it: package.json names this module. It opens nothing before the first use.
import { pglite } from "@potter/runtime/pglite";
import { postgres } from "@potter/runtime/postgres";
import { createShop } from "./app.js";

const url = process.env["SHOP_DATABASE"];

export const app = createShop(url === undefined ? pglite("./data") : postgres(url));
