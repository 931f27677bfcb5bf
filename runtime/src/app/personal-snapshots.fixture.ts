import { expect } from "vitest";
import type { EventStore } from "../store/ports/index.js";
import { move, place } from "./member.fixture.js";
import { ada, fill, type PersonalCase, personalCase } from "./personal-case.fixture.js";

/** The state of Ada's snapshot, once there is one that can be read: they are saved in the background. */
async function savedState(events: EventStore): Promise<Uint8Array> {
  const read = async () => (await events.loadStream(ada, { stateVersion: 1 })).snapshot?.state;
  await expect.poll(read).toBeDefined();
  return (await read()) as Uint8Array;
}

/** Snapshots that contain personal data. */
export const snapshotCases: readonly PersonalCase[] = [
  personalCase("rebuilds the state from the remaining data instead of a snapshot", async ({ app }) => {
    await fill(app);
    await savedState(app.store.events);
    await app.eraseSubject("ada");
    // The member has a snapshot of two events; that of the order holds data of both members.
    expect(await app.send(move, { id: "ada", city: "Ulm" })).toMatchObject({ text: "(erased), (erased), " });
    expect(await app.send(place, { id: "o1", memberId: "bob", address: "" })).toMatchObject({
      text: "(erased), Schlossgasse, ",
    });
    expect(await app.send(move, { id: "bob", city: "Ulm" })).toMatchObject({ text: "bob@example.com, " });
  }),
  personalCase("uses a snapshot until one of its subjects is erased", async ({ app, another }) => {
    await fill(app);
    expect(new TextDecoder().decode(await savedState(app.store.events))).toBe('["ada@example.com","Markt 7"]');
    const other = (await another()).store.events;
    const versionOf = async () =>
      (await other.loadStream({ ...ada, type: "order", id: "o1" }, { stateVersion: 1 })).snapshot?.version;
    await expect.poll(versionOf).toBe(2);
  }),
  personalCase("skips, reports and replaces a damaged snapshot", async ({ app, store, logged }) => {
    await fill(app);
    const whole = await savedState(store.events);
    // In clear text, truncated, of another subject, with a changed ciphertext.
    const foreign = whole.map((byte, i) => (i === whole.indexOf(97) ? 98 : byte));
    for (const state of [
      new Uint8Array([7]),
      whole.slice(0, 3),
      foreign,
      whole.with(-1, (whole.at(-1) as number) ^ 1),
    ]) {
      await store.events.saveSnapshot(ada, { version: 2, stateVersion: 1, state });
      const before = logged().split("snapshot could not be read").length;
      // Records no event, so that no other snapshot is due.
      expect(await app.store.events.loadStream(ada, { stateVersion: 1 })).toMatchObject({ unreadableSnapshot: 2 });
      await expect(app.send(move, { id: "ada" }, { expectedVersion: 3 })).rejects.toMatchObject({ code: "aborted" });
      expect(new TextDecoder().decode(await savedState(app.store.events))).toBe('["ada@example.com","Markt 7"]');
      expect(logged().split("snapshot could not be read").length).toBe(before + 1);
    }
    await app.eraseSubject("ada");
    expect(await app.store.events.loadStream(ada, { stateVersion: 1 })).not.toHaveProperty("unreadableSnapshot");
  }),
];
