import { findRestate } from "./restate-server.mjs";

const file = (name) => new URL(`contenders/${name}.mjs`, import.meta.url).href;
const all = ["throughput", "recovery", "memory"];
/** Works whose rows are copied in the database, which is done for those that are compared at all sizes. */
const large = ["finished", "timers"];

export const floor = "plain commits (floor)";

/** `tasks`: what a contender takes part in. `find`: the programs that it needs; throws if they cannot be had. */
export const contenders = [
  { name: floor, file: file("floor"), tasks: [...all, ...large] },
  {
    name: "Potter, local steps",
    file: file("potter"),
    tasks: ["throughput", ...large],
    options: { steps: "local" },
  },
  {
    name: "Potter, local steps, a commit each",
    file: file("potter"),
    tasks: ["throughput"],
    options: { steps: "local", commandsPerTransaction: 1 },
  },
  {
    name: "Potter, local steps of one aggregate",
    file: file("potter"),
    tasks: ["throughput"],
    options: { steps: "same" },
  },
  {
    name: "Potter, remote steps",
    file: file("potter"),
    tasks: ["throughput", "recovery", "memory", "finished"],
    options: { steps: "remote" },
  },
  { name: "DBOS 5.3", file: file("dbos"), tasks: all },
  { name: "Restate 1.7", file: file("restate"), tasks: all, find: findRestate },
];
