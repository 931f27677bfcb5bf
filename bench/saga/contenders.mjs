import { findRestate } from "./restate-server.mjs";

const file = (name) => new URL(`contenders/${name}.mjs`, import.meta.url).href;
const all = ["throughput", "recovery", "memory"];

export const floor = "plain commits (floor)";

/** `tasks`: what a contender takes part in. `find`: the programs that it needs; throws if they cannot be had. */
export const contenders = [
  { name: floor, file: file("floor"), tasks: all },
  { name: "Potter, local steps", file: file("potter"), tasks: ["throughput"], options: { steps: "local" } },
  {
    name: "Potter, local steps of one aggregate",
    file: file("potter"),
    tasks: ["throughput"],
    options: { steps: "same" },
  },
  {
    name: "Potter, remote steps",
    file: file("potter"),
    tasks: ["throughput", "memory"],
    options: { steps: "remote" },
  },
  { name: "DBOS 5.3", file: file("dbos"), tasks: all },
  { name: "Restate 1.7", file: file("restate"), tasks: all, find: findRestate },
];
