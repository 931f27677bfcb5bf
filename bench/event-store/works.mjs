/**
 * What is measured. `task`: what a contender must be able to do. `atOnce`: how many callers wait for an answer at any time.
 * `batch`: events of one append. `length`: events of the streams that are read. `after`: events that are there before.
 * `onRequest`: only with `--only`. `accounts`, `events`: how many a view is built from. `perSecond`: commands.
 */
export const works = [
  { key: "new-1", title: "append 1 to a new stream, 1 at a time", task: "appendNew", atOnce: 1, batch: 1 },
  { key: "new-16", title: "append 1 to a new stream, 16 at once", task: "appendNew", atOnce: 16, batch: 1 },
  { key: "new-64", title: "append 1 to a new stream, 64 at once", task: "appendNew", atOnce: 64, batch: 1 },
  { key: "next-1", title: "append 1 with expected version, 1 at a time", task: "appendNext", atOnce: 1, batch: 1 },
  { key: "next-16", title: "append 1 with expected version, 16 at once", task: "appendNext", atOnce: 16, batch: 1 },
  { key: "ten-16", title: "append 10 to a new stream, 16 at once", task: "appendNew", atOnce: 16, batch: 10 },
  { key: "load-10", title: "load and fold 10 events, 1 at a time", task: "load", atOnce: 1, length: 10 },
  { key: "load-100", title: "load and fold 100 events, 1 at a time", task: "load", atOnce: 1, length: 100 },
  { key: "load-1000", title: "load and fold 1000 events, 1 at a time", task: "load", atOnce: 1, length: 1_000 },
  { key: "load-100-16", title: "load and fold 100 events, 16 at once", task: "load", atOnce: 16, length: 100 },
  ...[4, 5, 6, 7].map((power) => ({
    key: `grown-${power}`,
    title: `append 1 to a new stream, 16 at once, after ${(10 ** power).toLocaleString("en-US")} events`,
    task: "appendGrown",
    atOnce: 16,
    batch: 1,
    after: 10 ** power,
    // Filling the tables takes minutes.
    onRequest: power > 6,
  })),
  {
    key: "rebuild-many",
    title: "rebuild a view of 10,000 accounts from 100,000 events",
    task: "rebuild",
    accounts: 10_000,
    events: 100_000,
  },
  {
    key: "rebuild-few",
    title: "rebuild a view of 100 accounts from 100,000 events",
    task: "rebuild",
    accounts: 100,
    events: 100_000,
  },
  {
    key: "visible",
    title: "from a command to its effect in a view, 1,000 commands a second",
    task: "visible",
    perSecond: 1_000,
  },
];

/** Connections that each contender may have. */
export const connections = 16;
