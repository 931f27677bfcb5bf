/**
 * What is measured. `on`: where the events are kept. `callers`: how many wait for an answer at any time. `most`: payments after which
 * the callers continue with the next till: otherwise the benchmark would measure how contenders read a long history.
 */
export const works = [
  { key: "postgres-1", title: "PostgreSQL, 1 caller", on: "postgres", callers: 1, most: 100 },
  { key: "postgres-20", title: "PostgreSQL, 20 callers", on: "postgres", callers: 20 },
  { key: "postgres-100", title: "PostgreSQL, 100 callers", on: "postgres", callers: 100 },
  { key: "memory-1", title: "in memory, 1 caller", on: "memory", callers: 1, most: 500 },
  { key: "memory-20", title: "in memory, 20 callers", on: "memory", callers: 20, most: 500 },
  { key: "memory-100", title: "in memory, 100 callers", on: "memory", callers: 100, most: 500 },
];

/** Contender to which all are put in relation. */
export const floors = { postgres: "SELECT … FOR UPDATE (floor)", memory: "Map (floor)" };

/** Connections that each contender may have. */
export const connections = 16;
