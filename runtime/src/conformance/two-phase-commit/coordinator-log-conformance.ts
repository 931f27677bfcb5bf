import { newId } from "../../message/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { CoordinatorLog } from "../../two-phase-commit/index.js";
import type { ConformanceCase } from "../cases/index.js";

/** An empty log for one case. */
export interface CoordinatorLogUnderTest {
  /** Not started. */
  readonly log: CoordinatorLog;
  /** Returns a log over the same data, as another process would have; in a log of a single process, the log itself. */
  peer(): CoordinatorLog;
  /** Closes the logs and deletes the data. */
  close(): Promise<void>;
}

type Test = (log: CoordinatorLog, peer: CoordinatorLog) => Promise<void>;

/** Longer than a case takes, in milliseconds. */
const long = 600_000;

/** What every log of coordinators must do. `open` is called once for each case. */
export function coordinatorLogConformance(open: () => Promise<CoordinatorLogUnderTest>): readonly ConformanceCase[] {
  const define = (name: string, test: Test): ConformanceCase => ({
    name,
    async run() {
      const under = await open();
      try {
        await under.log.start();
        const peer = under.peer();
        await peer.start();
        await test(under.log, peer);
      } finally {
        await under.close();
      }
    },
  });
  return [
    define("keeps the id of the log", keepsId),
    define("records transactions, and their decision, until they end", records),
    define("lets recovery abort what is due and not decided, and nothing else", aborts),
    define("lets one of many decide or abort", decidesOnce),
    define("takes over the oldest first, each once while the lease lasts", takesOver),
  ];
}

async function keepsId(log: CoordinatorLog, peer: CoordinatorLog): Promise<void> {
  const id = await log.start();
  expectTrue(/^[0-9a-f]{16}$/.test(id), "expected 16 hexadecimal digits", id);
  expectEqual("the id of another process", await peer.start(), id);
}

async function records(log: CoordinatorLog, peer: CoordinatorLog): Promise<void> {
  const [one, two] = [newId(), newId()];
  await log.begin(one, ["a", "b"], long, { b: "17" });
  await log.begin(two, ["a"], long);
  const [found] = await peer.find([one]);
  const { age = -1, ...rest } = found ?? {};
  expectEqual("the entry", rest, { id: one, participants: ["a", "b"], state: "preparing", marks: { b: "17" } });
  expectTrue(age >= 0 && age < long, "expected an age in milliseconds", age);
  expectEqual("the marks of the other", (await peer.find([two]))[0]?.marks, undefined);
  expectEqual("the decision", await log.decide(one, long), "committing");
  expectEqual("the decision again", await peer.decide(one, long), "committing");
  expectEqual(
    "all",
    (await peer.find()).map(({ id, state }) => `${id} ${state}`).sort(),
    [`${one} committing`, `${two} preparing`].sort(),
  );
  for (let i = 0; i < 2; i++) await peer.end(one);
  expectEqual("what has ended", await log.find([one]), []);
  expectEqual("a decision without an entry", await log.decide(one, long), undefined);
}

async function aborts(log: CoordinatorLog, peer: CoordinatorLog): Promise<void> {
  const [due, decided, later] = [newId(), newId(), newId()];
  await log.begin(due, ["a"], 0);
  await log.begin(decided, ["a"], 0);
  await log.begin(later, ["a"], long);
  await log.decide(decided, 0);
  const taken = await peer.takeDue(10, long);
  expectEqual(
    "what was taken over",
    taken.map(({ id, state }) => `${id} ${state}`).sort(),
    [`${due} aborting`, `${decided} committing`].sort(),
  );
  expectEqual("a decision after it", await log.decide(due, long), "aborting");
  expectEqual("that of the other", await log.decide(later, long), "committing");
}

async function decidesOnce(log: CoordinatorLog, peer: CoordinatorLog): Promise<void> {
  const ids = Array.from({ length: 20 }, () => newId());
  await Promise.all(ids.map((id) => log.begin(id, ["a"], 0)));
  const [decided, ...taken] = await Promise.all([
    Promise.all(ids.map((id) => log.decide(id, long))),
    peer.takeDue(100, long),
    log.takeDue(100, long),
  ]);
  const aborted = taken.flat().flatMap(({ id, state }) => (state === "aborting" ? [id] : []));
  const lost = ids.filter((_, i) => decided[i] !== "committing");
  expectEqual("what was aborted", [...aborted].sort(), [...lost].sort());
}

async function takesOver(log: CoordinatorLog, peer: CoordinatorLog): Promise<void> {
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) {
    const id = newId();
    await log.begin(id, ["a"], 0);
    ids.push(id);
  }
  const first = await log.takeDue(2, long);
  const second = await peer.takeDue(10, 0);
  expectEqual(
    "the oldest",
    first.map(({ id }) => id),
    ids.slice(0, 2),
  );
  expectEqual(
    "the others",
    second.map(({ id }) => id),
    ids.slice(2),
  );
  // The lease of these is over.
  expectEqual("once more", (await log.takeDue(10, long)).map(({ id }) => id).sort(), ids.slice(2).sort());
  expectEqual("none", await peer.takeDue(10, long), []);
}
