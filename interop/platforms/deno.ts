// What docs/guides/websocket.md shows for Deno.
import { deno } from "@potter/runtime/deno";
import { app } from "./app.js";

// biome-ignore lint/style/noDefaultExport: the platform reads it
export default deno(app);

process.once("SIGTERM", () => app.stop().finally(() => process.exit()));
