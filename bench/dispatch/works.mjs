/**
 * What is measured. `task` is what a contender implements under that name; `start` is the number of streams that
 * its store holds before anything is timed, and after `start + keep` streams it starts again with a fresh store.
 */
export const works = [
  { key: "trivial", title: "trivial command, awaited", task: "trivial", batch: 5_000 },
  {
    key: "append",
    title: "decide + append to a new stream, store reset every 500",
    task: "append",
    start: 0,
    keep: 500,
    batch: 500,
  },
  {
    key: "append-1k",
    title: "decide + append to a new stream among 1,000",
    task: "append",
    start: 1_000,
    keep: 200,
    batch: 200,
  },
  {
    key: "append-100k",
    title: "decide + append to a new stream among 100,000",
    task: "append",
    start: 100_000,
    keep: 20_000,
    batch: 500,
    most: 2_000,
    smoke: { start: 5_000, keep: 1_000 },
  },
  { key: "load", title: "load 10 events + decide (no event)", task: "load", batch: 500 },
];

/** The order that everybody places. */
export const lines = [
  { sku: "sku-1", quantity: 2, unitPrice: 1_299n },
  { sku: "sku-2", quantity: 1, unitPrice: 4_900n },
  { sku: "sku-3", quantity: 12, unitPrice: 80n },
];
export const customerEmail = "ann@example.com";
