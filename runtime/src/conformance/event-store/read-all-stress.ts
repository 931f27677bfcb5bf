import { isPotterError } from "../../errors/index.js";
import type { ApplyInline, EventStore, RecordedEvent, Store } from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { StoreUnderTest } from "../cases/index.js";
import { note, rowCodec, tableOf } from "../cases/index.js";

/** Size of the stress test of `readAll`. */
export interface StressOptions {
  /** How long writers write, in milliseconds. Default 1500. */
  readonly milliseconds?: number;
  /** Default 12. */
  readonly writers?: number;
  /** Called repeatedly while writers write, to inject faults, such as killed connections. */
  disturb?(): Promise<void>;
}

/** The result of the stress test. */
export interface StressReport {
  /** Ids of the events in the streams, also of appends whose writer received no response. */
  readonly recorded: ReadonlySet<string>;
  /** Events that are recorded, or that an append was answered `appended` for, and that the reader never got. */
  readonly lost: number;
  /** Events that the reader got more than once, or that are in no stream. */
  readonly duplicated: number;
  /** Events that the reader got before one that comes earlier in the same stream, or at a position not above the last. */
  readonly reordered: number;
  /** Appends that were rolled back on purpose. */
  readonly aborted: number;
  /** Appends with an unknown outcome, since the connection was lost. */
  readonly unknown: number;
  /** Positions that the reader found to be never filled. */
  readonly skipped: number;
}

const table = tableOf();
const streams = 16;
/** How long the reader may take to catch up once the writers have ended, in milliseconds. */
const patience = 15_000;
/** How much longer writers write if a busy machine lets none of them append, or none roll back, in milliseconds. */
const extension = 60_000;

class OnPurpose extends Error {}

/**
 * Follows all streams while writers append to them in transactions of random length, one in five of which is
 * rolled back, so positions become visible out of order, and some never. A reader of `position > checkpoint`
 * loses events here.
 */
export async function runReadAllStress(
  under: Pick<StoreUnderTest, "store" | "peer">,
  options: StressOptions = {},
): Promise<StressReport> {
  const { milliseconds = 1500, writers = 12, disturb } = options;
  const stores = [under.store, await under.peer(), await under.peer()];
  const end = Date.now() + milliseconds;
  const counts = { aborted: 0, unknown: 0 };
  const acknowledged = new Set<string>();
  const follower = new Follower();
  let writing = true;
  const following = (async () => {
    const { events } = await under.peer();
    while (writing) await patiently(() => follower.step(events));
    const recorded = await readRecorded(events);
    const last = Date.now() + patience;
    while (Date.now() < last && !follower.hasAll(recorded)) await patiently(() => follower.step(events));
    // Read again, to detect duplicates.
    await patiently(() => follower.step(events));
    return recorded;
  })();
  const disturbing = (async () => {
    while (disturb !== undefined && Date.now() < end) await disturb();
  })();
  await Promise.all(
    Array.from({ length: writers }, (_, i) => write(stores[i % 3] as Store, end, acknowledged, counts)),
  );
  await disturbing;
  writing = false;
  const recorded = await following;
  const lost = [...new Set([...recorded, ...acknowledged])].filter((id) => !follower.seen.has(id)).length;
  const foreign = [...follower.seen].filter((id) => !recorded.has(id)).length;
  const { repeated, reordered, skipped } = follower;
  return { recorded, lost, duplicated: repeated + foreign, reordered, skipped, ...counts };
}

/** Throws unless the reader received each event once and in order. */
export function expectNothingLost(report: StressReport): void {
  const { recorded, lost, duplicated, reordered, aborted } = report;
  expectTrue(recorded.size > 0 && aborted > 0, "expected appends and aborts", [recorded.size, aborted]);
  expectEqual("lost, duplicated, reordered events", [lost, duplicated, reordered], [0, 0, 0]);
}

/** A reader that records what it received. */
class Follower {
  readonly seen = new Set<string>();
  repeated = 0;
  reordered = 0;
  skipped = 0;
  private position = 0;
  private readonly versions = new Map<string, number>();

  async step(events: EventStore): Promise<void> {
    const slice = await events.readAll(this.position, 37);
    let last = this.position;
    for (const event of slice.events) {
      this.take(event, last);
      last = event.position;
    }
    this.skipped += slice.position - this.position - slice.events.length;
    if (slice.position === this.position) await pause(2);
    this.position = slice.position;
  }

  hasAll(ids: ReadonlySet<string>): boolean {
    return [...ids].every((id) => this.seen.has(id));
  }

  private take({ id, position, stream, version }: RecordedEvent, last: number): void {
    if (this.seen.has(id)) this.repeated++;
    this.seen.add(id);
    if (position <= last || version !== (this.versions.get(stream.id) ?? 0) + 1) this.reordered++;
    this.versions.set(stream.id, version);
  }
}

async function write(
  store: Store,
  end: number,
  acknowledged: Set<string>,
  counts: { aborted: number; unknown: number },
): Promise<void> {
  const versions = new Map<number, number>();
  const isEnough = () => acknowledged.size > 0 && counts.aborted > 0;
  while (Date.now() < end || (!isEnough() && Date.now() < end + extension)) {
    const stream = Math.floor(Math.random() * streams);
    const events = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => note("stress"));
    const abort = Math.random() < 0.2;
    const inline: ApplyInline = async (recorded, rows) => {
      // Who reads the position gets it from a transaction, which is open during the pause.
      if (!recorded.every(({ position }) => position > 0)) throw new Error("expected positions");
      await pause(Math.random() * 8);
      if (abort) throw new OnPurpose();
      await rows.put(table, "", events[0]?.id ?? "", rowCodec.create({ id: "x" }));
    };
    try {
      const result = await store.events.append({
        stream: idOf(stream),
        expectedVersion: versions.get(stream) ?? 0,
        events,
        correlationId: "c",
        causationId: "k",
        metadata: {},
        ...((abort || Math.random() < 0.5) && { inline }),
      });
      if (result.kind === "appended") for (const { id } of events) acknowledged.add(id);
      versions.set(
        stream,
        result.kind === "conflict" ? result.actualVersion : (versions.get(stream) ?? 0) + events.length,
      );
    } catch (error) {
      if (error instanceof OnPurpose) counts.aborted++;
      else if (isPotterError(error) && error.code === "unavailable") counts.unknown++;
      else throw error;
      // After a lost connection the writer does not know the version; a conflict returns it.
    }
  }
}

async function readRecorded(events: EventStore): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let i = 0; i < streams; i++) {
    for (const { id } of await patiently(() => events.readStream(idOf(i)))) ids.add(id);
  }
  return ids;
}

/** Retries when a connection was lost, since reads are not under test here. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20 || !isPotterError(error) || error.code !== "unavailable") throw error;
      await pause(20);
    }
  }
}

function idOf(stream: number) {
  return { tenant: "", type: "Stress", id: `${stream}` };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
