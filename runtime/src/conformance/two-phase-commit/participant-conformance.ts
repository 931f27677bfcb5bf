import { isPotterError } from "../../errors/index.js";
import { newId } from "../../message/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import type { Participant } from "../../two-phase-commit/index.js";
import type { ConformanceCase } from "../cases/index.js";

/** A participant for one case, whose resource keeps notes. */
export interface ParticipantUnderTest<Resource = unknown> {
  /** Not started. */
  readonly participant: Participant<Resource>;
  /** Returns another participant of the same name over the same data, as another process would have. */
  peer(): Participant<Resource>;
  /** Writes a note within a branch. */
  write(resource: Resource, note: string): Promise<void>;
  /** Returns the notes that are committed, in any order. */
  read(): Promise<readonly string[]>;
  /** Closes the participants and deletes the data. */
  close(): Promise<void>;
}

type Test = (under: ParticipantUnderTest) => Promise<void>;

/** The id of a log that no coordinator has. */
const log = "fedcba9876543210";

/** What every participant of two-phase commit must do. `open` is called once for each case, and finds no notes. */
export function participantConformance<Resource>(
  open: () => Promise<ParticipantUnderTest<Resource>>,
): readonly ConformanceCase[] {
  const define = (name: string, test: Test): ConformanceCase => ({
    name,
    async run() {
      const under = await open();
      try {
        await under.participant.start?.();
        await test(under);
      } finally {
        await under.close();
      }
    },
  });
  return [
    define("shows nothing of a branch before it is committed, and all of it then", showsCommitted),
    define("prepares, commits and rolls back repeatedly", repeats),
    define("lets another process commit what is prepared", commitsElsewhere),
    define("rolls back branches that are open, prepared or absent", rollsBack),
    define("keeps branches apart", keepsApart),
    define("refuses to prepare a branch that is not there", refusesUnknown),
    define("lists prepared branches by the beginning of their gid", listsPrepared),
    define("reports a branch that has ended against the decision", reportsContradiction),
  ];
}

function newGid({ participant }: { readonly participant: Participant }): string {
  return `potter:${log}:${newId()}:${participant.name}`;
}

/** Begins a branch with a note, and prepares it. Returns its gid, and its mark. */
async function prepare(under: ParticipantUnderTest, ...notes: readonly string[]) {
  const { participant } = under;
  const gid = newGid(under);
  const resource = await participant.open(gid);
  for (const note of notes) await under.write(resource, note);
  const mark = participant.markOf?.(gid);
  await participant.prepare(gid);
  return { gid, mark };
}

async function expectNotes(under: ParticipantUnderTest, when: string, ...notes: readonly string[]) {
  expectEqual(`the notes ${when}`, [...(await under.read())].sort(), notes);
}

async function showsCommitted(under: ParticipantUnderTest): Promise<void> {
  const { participant } = under;
  const gid = newGid(under);
  const resource = await participant.open(gid);
  await under.write(resource, "a");
  await under.write(resource, "b");
  await expectNotes(under, "while the branch is open");
  const mark = participant.markOf?.(gid);
  await participant.prepare(gid);
  await expectNotes(under, "while the branch is prepared");
  await participant.commit(gid, mark);
  await expectNotes(under, "after the commit", "a", "b");
}

async function repeats(under: ParticipantUnderTest): Promise<void> {
  const { participant } = under;
  const one = await prepare(under, "a");
  await participant.prepare(one.gid);
  for (let i = 0; i < 3; i++) await participant.commit(one.gid, one.mark);
  const two = await prepare(under, "b");
  for (let i = 0; i < 3; i++) await participant.rollback(two.gid, two.mark);
  await expectNotes(under, "after both", "a");
  // A branch that has written nothing.
  const three = await prepare(under);
  for (let i = 0; i < 2; i++) await participant.commit(three.gid);
}

async function commitsElsewhere(under: ParticipantUnderTest): Promise<void> {
  const { gid, mark } = await prepare(under, "a");
  const peer = under.peer();
  await peer.prepare(gid);
  await Promise.all([peer.commit(gid, mark), under.participant.commit(gid, mark)]);
  await expectNotes(under, "after the commit", "a");
}

async function rollsBack(under: ParticipantUnderTest): Promise<void> {
  const { participant } = under;
  const gid = newGid(under);
  await under.write(await participant.open(gid), "open");
  await participant.rollback(gid, participant.markOf?.(gid));
  const prepared = await prepare(under, "prepared");
  await under.peer().rollback(prepared.gid, prepared.mark);
  await participant.rollback(newGid(under));
  await expectNotes(under, "after all");
  await expectPrepared(under);
}

async function keepsApart(under: ParticipantUnderTest): Promise<void> {
  const all = await Promise.all(["a", "b", "c", "d"].map((note) => prepare(under, note)));
  const [a, b, c, d] = all as [Branch, Branch, Branch, Branch];
  await Promise.all([under.participant.commit(a.gid), under.participant.rollback(b.gid), under.peer().commit(d.gid)]);
  await expectNotes(under, "while one is prepared", "a", "d");
  await under.participant.commit(c.gid);
  await expectNotes(under, "after all", "a", "c", "d");
}

type Branch = Awaited<ReturnType<typeof prepare>>;

async function refusesUnknown(under: ParticipantUnderTest): Promise<void> {
  const thrown = await under.participant.prepare(newGid(under)).then(
    () => undefined,
    (error: unknown) => error,
  );
  expectTrue(thrown instanceof Error, "expected an error", thrown);
  const gid = newGid(under);
  await under.write(await under.participant.open(gid), "a");
  await under.participant.rollback(gid);
  const late = await under.participant.prepare(gid).then(
    () => undefined,
    (error: unknown) => error,
  );
  expectTrue(late instanceof Error, "expected an error after a rollback", late);
  await expectNotes(under, "after it");
}

async function listsPrepared(under: ParticipantUnderTest): Promise<void> {
  if (under.participant.prepared === undefined) return;
  const open = newGid(under);
  await under.write(await under.participant.open(open), "open");
  const [one, two] = [await prepare(under, "a"), await prepare(under, "b")];
  await expectPrepared(under, one.gid, two.gid);
  const peer = under.peer();
  expectEqual("with another beginning", await peer.prepared?.("potter:f0"), []);
  expectEqual("with all of one", await peer.prepared?.(one.gid), [one.gid]);
  await peer.commit(one.gid, one.mark);
  await peer.rollback(two.gid, two.mark);
  await under.participant.rollback(open);
  await expectPrepared(under);
}

async function expectPrepared(under: ParticipantUnderTest, ...gids: readonly string[]): Promise<void> {
  const found = await under.peer().prepared?.(`potter:${log}:`);
  if (found !== undefined) expectEqual("the prepared branches", [...found].sort(), [...gids].sort());
}

async function reportsContradiction(under: ParticipantUnderTest): Promise<void> {
  const one = await prepare(under, "a");
  const two = await prepare(under, "b");
  await under.peer().rollback(one.gid);
  await under.peer().commit(two.gid);
  if (one.mark === undefined || two.mark === undefined) return;
  for (const work of [
    () => under.participant.commit(one.gid, one.mark),
    () => under.participant.rollback(two.gid, two.mark),
  ]) {
    const code = await work().then(
      () => undefined,
      (error: unknown) => isPotterError(error) && error.code,
    );
    expectEqual("the code of the error", code, "data_loss");
  }
}
