import { isPotterError } from "@potter/runtime";
import { consoleLogger, serve } from "@potter/runtime/node";

try {
  // Imported here, so that an error of its parts is caught as well.
  const { app } = await import("./app.js");
  const server = await serve(app, {
    host: process.env.HOST ?? "127.0.0.1",
    port: Number(process.env.PORT ?? 8080),
    signals: ["SIGINT", "SIGTERM"],
    logger: consoleLogger(),
  });
  console.log(`listening on ${server.url}`);
} catch (error) {
  // Such as a port in use or a store that cannot be reached. The stack matters only for other errors.
  console.error(isPotterError(error) ? error.message : error);
  process.exit(1);
}
