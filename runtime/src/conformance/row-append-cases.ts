import type { AppendingTransaction, AppendRequest, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  defineCase,
  expectInvalid,
  type OpenStore,
  type StoreUnderTest,
  streamOf,
  textOf,
  textsOf,
} from "./cases/index.js";
import { amountIn, appendTable, put, tryAppend, withCommand } from "./row-append-steps.js";

/** Transactions over rows that append. Stores whose transactions cannot have nothing to prove. */
export function rowAppendCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, async (under) => {
      if (await canAppend(under.store)) await test(under);
    });
  return [
    on("commits appends of a transaction together with its rows", commitsBoth),
    on("lets appends of a transaction follow each other on one stream", follows),
    on("commits nothing of a transaction whose append is refused, and runs it again without appends", refuses),
    on("leaves no events of a transaction that has lost a race for a row", losesRace),
    on("records a command without events together with the rows of a transaction", recordsCommand),
    on("undoes appends of an attempt that fails", undoes),
    on("applies inline projections of an append of a transaction to its rows", appliesInline),
    on("refuses appends of a transaction that it cannot make", refusesArguments),
    on("gives each of many transactions with appends its own outcome", keepsApart),
  ];
}

async function canAppend(store: Store): Promise<boolean> {
  return store.rows.transact(async (rows) => rows.append !== undefined);
}

async function commitsBoth({ store, peer }: StoreUnderTest): Promise<void> {
  const before = await store.events.head();
  const heard: (number | undefined)[] = [];
  const stop = store.events.onAppend((position) => heard.push(position));
  const result = await store.rows.transact(async (rows) => {
    await put(rows, "r");
    await tryAppend(rows, at("a", 0, ["one", "two"], withCommand("c1")), at("b", 0, ["three"], withCommand("c2")));
    expectEqual("the events before the commit", await textsOf(store.events, streamOf("a")), []);
    return 7;
  });
  stop();
  expectEqual("the result", result, 7);
  const other = await peer();
  expectEqual("the row", await amountIn(other.rows, "r"), 1);
  const { events } = await other.events.readAll(before, 10);
  expectEqual(
    "the events",
    events.map((event) => [textOf(event), event.stream.id, event.version]),
    [
      ["one", "a", 1],
      ["two", "a", 2],
      ["three", "b", 1],
    ],
  );
  expectEqual("the position that listeners receive", heard.at(-1) ?? events.at(-1)?.position, events.at(-1)?.position);
  for (const [id, version] of [
    ["c1", 2],
    ["c2", 1],
  ] as const) {
    expectEqual(`the command ${id}`, (await other.events.findCommand("t", id))?.version, version);
  }
  // An append and one row: databases have a shorter way for it.
  await store.rows.transact(async (rows) => {
    await put(rows, "single");
    await tryAppend(rows, at("a", 2, ["four"], withCommand("c3")));
  });
  expectEqual("the stream", await textsOf(other.events, streamOf("a")), ["one", "two", "four"]);
  expectEqual("the single row", await amountIn(other.rows, "single"), 1);
  // An append alone.
  await store.rows.transact(async (rows) => void (await tryAppend(rows, at("a", 3, ["five"]))));
  expectEqual("the next version", (await textsOf(other.events, streamOf("a"))).length, 4);
}

async function follows({ store }: StoreUnderTest): Promise<void> {
  await store.events.append(at("a", 0, ["zero"]));
  const work = (from: number) => async (rows: AppendingTransaction) => {
    await put(rows, "r");
    return tryAppend(
      rows,
      at("a", from, ["one"], withCommand(`a${from}`)),
      at("b", 0, ["x"]),
      at("a", from + 1, ["two", "3"]),
    );
  };
  expectTrue(await store.rows.transact(work(1)), "expected a commit with the appends", undefined);
  expectEqual("the stream", await textsOf(store.events, streamOf("a")), ["zero", "one", "two", "3"]);
  const { events } = await store.events.readAll(0, 10);
  expectEqual("the order", events.map(textOf), ["zero", "one", "x", "two", "3"]);
  // Of two that follow, the first is refused.
  expectEqual("a refused transaction", await store.rows.transact(work(1)), false);
  // The second does not follow the first.
  const gap = await store.rows.transact((rows) => tryAppend(rows, at("a", 4, ["4"]), at("a", 6, ["gap"])));
  expectEqual("a transaction with a gap", gap, false);
  expectEqual("the stream in the end", (await textsOf(store.events, streamOf("a"))).length, 4);
}

async function refuses({ store }: StoreUnderTest): Promise<void> {
  const { events, rows } = store;
  await events.append(at("a", 0, ["zero"], withCommand("known")));
  await events.closeStream(streamOf("closed"), 0);
  await events.reserveCommand("t", {
    id: "reserved",
    requestHash: "hash",
    holder: "8a5b2d4e-6f70-4c1b-9d3e-0a1b2c3d4e5f",
    lease: 60_000,
  });
  const refused: readonly [string, AppendRequest][] = [
    ["another version", at("a", 0, ["x"])],
    ["a closed stream", at("closed", 0, ["x"])],
    ["a recorded command", at("n", 0, ["x"], withCommand("known"))],
    ["a reserved command", at("n", 0, ["x"], withCommand("reserved"))],
  ];
  for (const [name, request] of refused) {
    for (const order of [
      [at("first", 0, ["y"], withCommand("new")), request],
      [request, at("first", 0, ["y"], withCommand("new"))],
    ]) {
      let runs = 0;
      const appended = await rows.transact(async (tx) => {
        runs++;
        await put(tx, `of ${name}`, runs);
        return tryAppend(tx, ...order);
      });
      expectEqual(`${name}: whether it was appended, and the runs`, [appended, runs], [false, 2]);
      expectEqual(`${name}: the row of the second run`, await amountIn(rows, `of ${name}`), 2);
      expectEqual(`${name}: the other stream`, await textsOf(events, streamOf("first")), []);
      expectEqual(`${name}: the other command`, await events.findCommand("t", "new"), undefined);
    }
  }
  // The same command twice.
  const twice = await rows.transact((tx) =>
    tryAppend(tx, at("x", 0, ["1"], withCommand("d")), at("y", 0, ["2"], withCommand("d"))),
  );
  expectEqual("one command for two appends", twice, false);
  expectEqual("the events", (await events.readAll(0, 10)).events.map(textOf), ["zero"]);
}

async function losesRace({ store, peer }: StoreUnderTest): Promise<void> {
  const other = await peer();
  for (const kind of ["changed", "created", "deleted"] as const) {
    if (kind !== "created") await store.rows.transact((rows) => put(rows, kind, 1));
    let runs = 0;
    const appended = await store.rows.transact(async (rows) => {
      runs++;
      const before = await amountIn(rows, kind);
      if (runs === 1) {
        await other.rows.transact((inner) =>
          kind === "deleted" ? inner.delete(appendTable, "t", kind) : put(inner, kind, 5),
        );
      }
      await put(rows, `${kind} too`, before ?? 0);
      await put(rows, kind, 10 + (before ?? 0));
      return tryAppend(rows, at(`${kind} a`, 0, ["x"], withCommand(kind)), at(`${kind} b`, 0, ["y"]));
    });
    expectEqual(`${kind}: whether it was appended, and the runs`, [appended, runs], [false, 2]);
    expectEqual(`${kind}: the row`, await amountIn(store.rows, kind), kind === "deleted" ? 10 : 15);
    for (const id of ["a", "b"]) {
      expectEqual(`${kind}: the stream ${id}`, await textsOf(store.events, streamOf(`${kind} ${id}`)), []);
    }
    expectEqual(`${kind}: the command`, await store.events.findCommand("t", kind), undefined);
    // The versions are free.
    expectEqual("a later append", (await store.events.append(at(`${kind} a`, 0, ["z"]))).kind, "appended");
  }
}

async function recordsCommand({ store, peer }: StoreUnderTest): Promise<void> {
  const other = await peer();
  const record = (key: string, ...commands: readonly string[]) =>
    store.rows.transact(async (rows) => {
      await put(rows, key);
      return tryAppend(rows, ...commands.map((id) => at(`of ${id}`, 0, [], withCommand(id))));
    });
  // With one row, and with several commands.
  expectEqual("the commits", [await record("one", "c1"), await record("two", "c2", "c3")], [true, true]);
  expectEqual("one whose command is recorded", await record("three", "c4", "c1"), false);
  expectEqual("its row", await amountIn(other.rows, "three"), 1);
  // Together with events. Listeners receive the position of these.
  const heard: (number | undefined)[] = [];
  const stop = store.events.onAppend((position) => heard.push(position));
  await record("four", "c6");
  const mixed = [at("a", 0, ["x"]), at("a", 1, ["y"]), at("of c5", 0, [], withCommand("c5"))];
  await store.rows.transact((rows) => tryAppend(rows, ...mixed));
  stop();
  const { events } = await store.events.readAll(0, 10);
  const last = events.at(-1)?.position;
  expectEqual("what listeners received", [...new Set(heard)], last === undefined ? [] : [last]);
  const ids = ["c1", "c2", "c3", "c4", "c5"];
  const versions = await Promise.all(ids.map(async (id) => (await other.events.findCommand("t", id))?.version));
  expectEqual("the versions of the commands", versions, [0, 0, 0, undefined, 0]);
  const listed = await store.events.listStreams({ tenant: "t", limit: 10 });
  const streams = listed.map(({ stream, version }) => [stream.id, version]);
  expectEqual("the streams", streams, [["a", 2]]);
}

async function undoes({ store }: StoreUnderTest): Promise<void> {
  const failed = new Error("failed");
  await store.rows.transact(async (rows) => {
    await put(rows, "kept");
    await tryAppend(rows, at("kept", 0, ["one"]));
    const caught = await rows
      .attempt(async () => {
        await put(rows, "undone");
        await tryAppend(rows, at("undone", 0, ["one"]), at("kept", 1, ["two"]));
        await rows.attempt(() => put(rows, "inner"));
        throw failed;
      })
      .catch((error: unknown) => error);
    expectTrue(caught === failed, "expected the error of the attempt", caught);
    await tryAppend(rows, at("kept", 1, ["three"]));
  });
  expectEqual("the events", (await store.events.readAll(0, 10)).events.map(textOf), ["one", "three"]);
  const rows = await Promise.all(["kept", "undone", "inner"].map((key) => amountIn(store.rows, key)));
  expectEqual("the rows", rows, [1, undefined, undefined]);
}

async function appliesInline({ store }: StoreUnderTest): Promise<void> {
  const failed = new Error("failed");
  const count: AppendRequest["inline"] = async (events, rows) => {
    await put(rows, "count", ((await amountIn(rows, "count")) ?? 0) + events.length);
  };
  await store.rows.transact(async (rows) => {
    await put(rows, "count", 10);
    await tryAppend(rows, at("a", 0, ["one", "two"], { inline: count }), at("a", 2, ["three"], { inline: count }));
    expectEqual("the row within the transaction", await amountIn(rows, "count"), 13);
    for (const inline of [
      async () => Promise.reject(failed),
      // It has no position before the commit.
      async (events) => void events[0]?.position,
    ] satisfies AppendRequest["inline"][]) {
      const thrown = await rows.append?.(at("b", 0, ["x"], { inline })).then(
        () => "nothing",
        (error: unknown) => error,
      );
      expectTrue(thrown instanceof Error, "expected the error of the inline projection", thrown);
    }
  });
  expectEqual("the row", await amountIn(store.rows, "count"), 13);
  expectEqual("the events", (await store.events.readAll(0, 10)).events.map(textOf), ["one", "two", "three"]);
}

async function refusesArguments({ store }: StoreUnderTest): Promise<void> {
  const uniqueValues = [{ index: "email", value: "x", action: "reserve" as const }];
  await store.rows.transact(async (rows) => {
    const append = async (request: AppendRequest) => rows.append?.(request);
    await expectInvalid("no events and no command", () => append(at("a", 0, [])));
    await expectInvalid("unique values", () => append(at("a", 0, ["x"], { uniqueValues })));
    await expectInvalid("a version", () => append(at("a", -1, ["x"])));
    await put(rows, "r");
  });
  expectEqual("the row", await amountIn(store.rows, "r"), 1);
  expectEqual("the log", (await store.events.readAll(0, 10)).events, []);
}

/** Groups of transactions share a statement in some stores: each fails and succeeds by itself. */
async function keepsApart({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  const total = 40;
  await Promise.all(
    Array.from({ length: total }, (_, i) => i % 4 === 1 && store.events.append(at(`s${i}`, 0, ["first"]))),
  );
  await store.rows.transact((rows) => put(rows, "counter", 0));
  const appended = await Promise.all(
    Array.from({ length: total }, (_, i) =>
      (stores[i % 2] as Store).rows.transact(async (rows) => {
        // Some race for a row, some expect another version.
        if (i % 4 === 2) await put(rows, "counter", ((await amountIn(rows, "counter")) ?? 0) + 1);
        await put(rows, `row ${i}`, i);
        return tryAppend(
          rows,
          at(`s${i}`, 0, [`${i}`], withCommand(`c${i}`)),
          at(`t${i}`, 0, [`${i}'`]),
          at(`s${i}`, 1, ["x"]),
        );
      }),
    ),
  );
  for (const [i, done] of appended.entries()) {
    if (i % 4 === 1) expectEqual(`transaction ${i}`, done, false);
    else if (i % 4 !== 2) expectEqual(`transaction ${i}`, done, true);
    const [s, t] = await Promise.all([
      textsOf(store.events, streamOf(`s${i}`)),
      textsOf(store.events, streamOf(`t${i}`)),
    ]);
    const ours = i % 4 === 1 ? ["first"] : [];
    expectEqual(`streams ${i}`, [s, t], done ? [[`${i}`, "x"], [`${i}'`]] : [ours, []]);
    expectEqual(`command ${i}`, (await store.events.findCommand("t", `c${i}`)) !== undefined, done);
    expectEqual(`row ${i}`, await amountIn(store.rows, `row ${i}`), i);
  }
  expectEqual("the counter", await amountIn(store.rows, "counter"), total / 4);
}
