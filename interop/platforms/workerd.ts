// What docs/guides/websocket.md shows for Cloudflare Workers.
import { workerd } from "@potter/runtime/workerd";
import { app } from "./app.js";

// biome-ignore lint/style/noDefaultExport: the platform reads it
export default workerd(app);
