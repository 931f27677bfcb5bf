// What docs/guides/websocket.md shows for Bun.
import { bun } from "@potter/runtime/bun";
import { app } from "./app.js";

declare const Bun: { serve(options: object): void };
const port = Number(process.argv[2]);

Bun.serve({ port, ...bun(app) });

process.once("SIGTERM", () => app.stop().finally(() => process.exit()));
