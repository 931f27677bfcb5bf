import { newId } from "../deposits.mjs";
import { keepBusy, units } from "./callers.mjs";

/** Creates streams. */
export const appendNew = {
  units,
  anew: () => true,
  prepare: (contender) => contender.empty(),
  slice: (contender, work, milliseconds) => appendFor(contender, work, milliseconds, 0),
};

/** Creates streams in a store with many others. If these are few, a slice would soon add more than there were. */
export const appendGrown = {
  units,
  anew: ({ after }) => after <= 100_000,
  async prepare(contender, { after }) {
    await contender.empty();
    await contender.grow(after);
    await contender.analyze();
  },
  async slice(contender, work, milliseconds) {
    return appendFor(contender, work, milliseconds, await contender.count());
  },
};

/** Appends to existing streams. Each caller has its own streams, so there are no conflicts. */
export const appendNext = {
  units,
  anew: () => true,
  async prepare(contender, _work, { streams }) {
    await contender.empty();
    contender.ids = Array.from({ length: streams }, newId);
    contender.versions = [];
    for (const id of contender.ids) contender.versions.push(await append(contender, id, 0, 1));
  },
  async slice(contender, { atOnce }, milliseconds) {
    const { ids, versions } = contender;
    const share = ids.length / atOnce;
    const { figures } = await keepBusy(atOnce, milliseconds, async (caller, n) => {
      const i = caller * share + (n % share);
      versions[i] = await append(contender, ids[i], versions[i], 1);
    });
    await expectCount(
      contender,
      versions.reduce((sum, one) => sum + one),
    );
    return figures;
  },
};

/** Fills a stream with `length` events. Not timed. */
export async function fill(contender, id, length) {
  for (let version = 0; version < length; )
    version = await append(contender, id, version, Math.min(250, length - version), version);
}

async function appendFor(contender, { atOnce, batch }, milliseconds, before) {
  const { operations, figures } = await keepBusy(atOnce, milliseconds, () => append(contender, newId(), 0, batch));
  await expectCount(contender, before + operations * batch);
  return figures;
}

async function append(contender, id, expected, count, from = 0) {
  const version = await contender.append(id, expected, count, from);
  if (version !== expected + count) {
    throw new Error(`${contender.name}: version ${version} instead of ${expected + count}`);
  }
  return version;
}

/** Checks that the store holds exactly the acknowledged events. */
async function expectCount(contender, expected) {
  const count = await contender.count();
  if (count !== expected) throw new Error(`${contender.name}: holds ${count} events instead of ${expected}`);
}
