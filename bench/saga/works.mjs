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
  ...[100, 10_000, 1_000_000].map((finished) => ({
    key: `finished-${finished}`,
    title: `3 steps, 32 at once, after ${finished.toLocaleString("en")} finished workflows`,
    task: "finished",
    steps: 3,
    callers: 32,
    finished,
  })),
  ...[100, 1_000_000].map((pending) => ({
    key: `timers-${pending}`,
    title: `${pending.toLocaleString("en")} timers pending`,
    task: "timers",
    pending,
  })),
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
