import { memory } from "../store/memory/index.js";
import type { RowCondition, Store } from "../store/ports/index.js";
import { expectEqual } from "../testing/expectations/index.js";
import type { TestRow } from "./cases/index.js";
import { type ConformanceCase, defineCase, idsOf, type OpenStore, put, table, tenant } from "./cases/index.js";

/** Conditions on rows. */
export function rowConditionCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (store: Store) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store));
  return [
    on("finds rows by conditions", findsRows),
    on("returns the same rows as the store in memory for any condition", findsAsMemory),
  ];
}

async function findsRows(store: Store): Promise<void> {
  const { rows } = store;
  await put(
    store,
    { id: "1", title: "a", amount: 1n, ratio: 1.5, open: true, label: "x" },
    { id: "2", title: "b\0", amount: 9007199254740993n, ratio: Number.NaN },
    { id: "3", title: "\uffff", amount: -5n, ratio: Number.POSITIVE_INFINITY, label: "" },
    { id: "4", title: "\u{1f600}", amount: 9007199254740992n, ratio: 2 ** 60, open: true },
  );
  const expected: readonly (readonly [RowCondition[], readonly string[]])[] = [
    [[], ["1", "2", "3", "4"]],
    [[{ field: "title", op: "eq", value: "b\0" }], ["2"]],
    [[{ field: "title", op: "ne", value: "a" }], ["2", "3", "4"]],
    [[{ field: "title", op: "gt", value: "\uffff" }], ["4"]],
    [[{ field: "title", op: "lte", value: "b\0" }], ["1", "2"]],
    [[{ field: "title", op: "lt", value: "b" }], ["1"]],
    [[{ field: "title", op: "in", value: ["a", "\uffff", "nobody"] }], ["1", "3"]],
    [[{ field: "title", op: "in", value: [] }], []],
    [[{ field: "amount", op: "eq", value: 9007199254740993n }], ["2"]],
    [[{ field: "amount", op: "eq", value: 1 }], ["1"]],
    [[{ field: "amount", op: "gte", value: 9007199254740992n }], ["2", "4"]],
    [[{ field: "amount", op: "lt", value: 0.5 }], ["3"]],
    [[{ field: "ratio", op: "eq", value: 1.5 }], ["1"]],
    [[{ field: "ratio", op: "eq", value: 2 ** 60 }], ["4"]],
    [[{ field: "ratio", op: "eq", value: 2n ** 60n }], ["4"]],
    [[{ field: "ratio", op: "gt", value: 1e300 }], ["3"]],
    [[{ field: "ratio", op: "eq", value: Number.POSITIVE_INFINITY }], ["3"]],
    [[{ field: "ratio", op: "eq", value: Number.NaN }], []],
    [[{ field: "ratio", op: "ne", value: Number.NaN }], ["1", "2", "3", "4"]],
    [[{ field: "ratio", op: "lte", value: Number.NaN }], []],
    [[{ field: "open", op: "eq", value: false }], ["2", "3"]],
    [[{ field: "open", op: "gt", value: false }], ["1", "4"]],
    [[{ field: "label", op: "eq", value: "" }], ["3"]],
    [[{ field: "label", op: "ne", value: "x" }], ["2", "3", "4"]],
    [[{ field: "label", op: "gte", value: "" }], ["1", "3"]],
    [[{ field: "label", op: "eq", value: 0 }], []],
    [[{ field: "unknown", op: "ne", value: 0 }], ["1", "2", "3", "4"]],
    [
      [
        { field: "open", op: "eq", value: true },
        { field: "amount", op: "gt", value: 1n },
        { field: "amount", op: "lt", value: 2n ** 62n },
      ],
      ["4"],
    ],
  ];
  for (const [conditions, ids] of expected) {
    const what = conditions.map(({ field, op, value }) => `${field} ${op} ${value}`).join(" and ");
    expectEqual(`rows with ${what}`, await idsOf(rows, conditions), ids);
    expectEqual(`the number of rows with ${what}`, await rows.count(table, tenant, conditions), ids.length);
  }
  const open: RowCondition = { field: "open", op: "eq", value: true };
  expectEqual("a page of what was found", await idsOf(rows, [open], "1", 5), ["4"]);
  expectEqual("a limited page", await idsOf(rows, [open], undefined, 1), ["1"]);
}

async function findsAsMemory(store: Store): Promise<void> {
  const { rows } = store;
  const other = memory();
  const reference = other.rows;
  const random = randomOf(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const texts = [
    "",
    "a",
    "A",
    "b",
    "ab",
    "\0",
    "\u0001",
    "\u0001\u0001",
    "%",
    '"',
    "\\",
    "\u00e4",
    "\uffff",
    "\u{1f600}",
    "10",
    "9",
    "true",
  ];
  const numbers = [
    0,
    -0,
    1,
    -1,
    0.1,
    1e21,
    -1e-7,
    2 ** 53,
    2 ** 60,
    5e-324,
    Number.MAX_VALUE,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  const bigints = [0n, 1n, -1n, 10n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 60n, 2n ** 63n - 1n, -(2n ** 63n)];
  const given = Array.from({ length: 60 }, (_, i): TestRow => {
    const row = { id: `${i}`, title: pick(texts), amount: pick(bigints), ratio: pick(numbers), open: random() < 0.5 };
    return random() < 0.5 ? row : { ...row, label: pick(texts) };
  });
  await put(other, ...given);
  await put(store, ...given);
  const values = [...texts, ...numbers, ...bigints, true, false];
  for (let i = 0; i < 150; i++) {
    const conditions = Array.from({ length: 1 + Math.floor(random() * 2) }, (): RowCondition => {
      const field = pick(["title", "amount", "ratio", "open", "label", "id"]);
      const op = pick(["eq", "ne", "lt", "lte", "gt", "gte", "in"] as const);
      return { field, op, value: op === "in" ? [pick(values), pick(values), pick(values)] : pick(values) };
    });
    const what = conditions
      .map(({ field, op, value }) => `${field} ${op} ${JSON.stringify(String(value))}`)
      .join(" and ");
    expectEqual(`rows with ${what}`, await idsOf(rows, conditions), await idsOf(reference, conditions));
  }
}

/** Mulberry32: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
