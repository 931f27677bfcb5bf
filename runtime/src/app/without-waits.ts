import { noWaits } from "../cqrs/index.js";
import type { Waiting } from "../engines/index.js";

/** What an app without waits does for callers of its own process that wait. */
export const withoutWaits: ReturnType<Waiting["bind"]> = { invoke: refuse, resumeWait: refuse };

async function refuse(): Promise<never> {
  throw noWaits();
}
