import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The CPU time of this process, in microseconds. */
export function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

let collect;

/** Bytes after garbage was collected: of living objects with their buffers, and of the process. */
export function memory() {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { living: heapUsed + external, resident: rss };
}
