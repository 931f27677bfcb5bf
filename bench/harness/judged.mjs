/**
 * The units of each benchmark of which `--compare` reports a loss. Work and size: CPU time, counts, bytes, and rates of
 * works that keep a server busy, which contenders measure in turns. Not times of the clock, such as those of a process that
 * starts, nor tails, resident memory, and rates that locks or disks decide: they differ from run to run by more than any
 * limit, without a change of the code.
 */
export const judged = {
  command: [
    "commands/s",
    "Node CPU µs/command",
    "CPU µs/command, Node and PostgreSQL",
    "statements/command",
    "flushes/command",
  ],
  dispatch: ["ops/s"],
  http: ["CPU µs/request", "req/s"],
  graphql: ["CPU µs/request", "req/s"],
  "graphql-fanout": ["CPU µs/delivery", "kB/subscription, living"],
  grpc: ["CPU µs/message"],
  ws: ["CPU µs/request", "CPU µs/delivery", "kB/client, living"],
  client: ["kB gzip", "CPU µs/call"],
  generate: ["CPU ms/file"],
  loop: ["CPU ms"],
  "event-store": ["ops/s", "Node CPU µs/op", "Node CPU µs/event"],
  "hot-stream": ["% succeeded"],
  saga: ["workflows/s", "CPU µs/workflow, worker and database", "statements/workflow", "flushes/workflow"],
  "cold-start": ["CPU ms", "kB zipped"],
  "type-check": ["CPU s", "thousand symbols", "thousand types", "thousand instantiations"],
};
