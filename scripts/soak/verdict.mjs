// What came of a stress: what is in the tables is compared with what was promised and with what readers got.

/**
 * `recorded`: rows `{ pos, id, stream, version }` in order of pos, when nobody writes any more. `acknowledged`: lines of
 * writers. `readers`: the slices of each reader. `skips`: what the store found to be dead.
 */
export function judge({ recorded, acknowledged, readers, skips }) {
  const byId = new Map(recorded.map((event) => [event.id, event]));
  const streams = new Map();
  let broken = recorded.length - byId.size;
  for (const { stream, version } of recorded) {
    if (version !== (streams.get(stream) ?? 0) + 1) broken++;
    streams.set(stream, version);
  }
  let forgotten = 0;
  for (const { stream, version, ids } of acknowledged) {
    for (const [i, id] of ids.entries()) {
      const event = byId.get(id);
      if (event?.stream !== stream || event.version !== version - ids.length + 1 + i) forgotten++;
    }
  }
  let unproved = 0;
  const positions = recorded.map(({ pos }) => pos);
  for (const { first, last } of skips) if (positions.some((pos) => pos >= first && pos <= last)) unproved++;
  const report = { recorded: recorded.length, acknowledged: acknowledged.length, broken, forgotten };
  const dead = new Set(
    skips.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => Number(first) + i)),
  );
  const sums = { lost: 0, duplicated: 0, reordered: 0, torn: 0, unproved, skipped: 0 };
  for (const slices of readers) {
    const one = follow(slices, byId, dead);
    for (const name of Object.keys(sums)) sums[name] += one[name] ?? 0;
  }
  return { ...report, ...sums };
}

/** What one reader got, over all its processes. */
function follow(slices, byId, dead) {
  const found = { duplicated: 0, reordered: 0, torn: 0, unproved: 0, skipped: 0 };
  const seen = new Set();
  const versions = new Map();
  let at = 0;
  let last = 0;
  for (const { from, to, events } of slices) {
    // Its successor begins where it was.
    if (from !== at) found.torn++;
    at = to;
    const got = new Set(events.map(([, position]) => position));
    for (let position = from + 1; position <= to; position++) {
      if (got.has(position)) continue;
      found.skipped++;
      // A reader may pass only what the store has found to be dead, and has written down.
      if (!dead.has(position)) found.unproved++;
    }
    for (const [id, position, stream, version] of events) {
      if (seen.has(id) || !byId.has(id)) found.duplicated++;
      seen.add(id);
      if (position <= last || version !== (versions.get(stream) ?? 0) + 1) found.reordered++;
      last = position;
      versions.set(stream, version);
    }
  }
  let lost = 0;
  for (const id of byId.keys()) if (!seen.has(id)) lost++;
  return { ...found, lost };
}

/** What must be 0. */
export const faults = ["lost", "duplicated", "reordered", "torn", "unproved", "forgotten", "broken"];
