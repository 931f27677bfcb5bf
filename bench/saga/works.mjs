/** What is measured. `task`: how, see tasks/. */
export const works = [
  ...[3, 10].flatMap((steps) =>
    [1, 32].map((callers) => ({
      key: `steps${steps}-${callers}`,
      title: `${steps} steps, ${callers === 1 ? "one at a time" : `${callers} at once`}`,
      task: "throughput",
      steps,
      callers,
    })),
  ),
  {
    key: "recovery",
    title: "kill -9 of a worker with running workflows",
    task: "recovery",
  },
  {
    key: "memory",
    title: "workflows whose second step runs",
    task: "memory",
  },
];

/** Connections to PostgreSQL that each contender may have. */
export const connections = 16;
