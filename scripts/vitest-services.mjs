// The global setup of vitest: real servers for the tests that need them, for the length of the run.
import { reportSkipped, start } from "./services.mjs";

let stop = async () => {};

export async function setup() {
  const { env, skipped, stop: stopServices } = await start();
  stop = stopServices;
  reportSkipped(skipped);
  // Workers inherit the environment of this process.
  Object.assign(process.env, env);
}

export async function teardown() {
  await stop();
}
