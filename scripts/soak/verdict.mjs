// Compares the stored events of a stress test with the acknowledged appends and with what the readers received.

/**
 * `recorded`: rows `{ pos, id, stream, version }` in order of pos, after all writers have ended. `acknowledged`: the lines of
 * the writers. `readers`: the slices of each reader. `skips`: the positions that the store found to be unused.
 */
export function findViolations({ recorded, acknowledged, readers, skips }) {
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

/** Violations in the slices of one reader, over all its processes. */
function follow(slices, byId, dead) {
  const found = { duplicated: 0, reordered: 0, torn: 0, unproved: 0, skipped: 0 };
  const seen = new Set();
  const versions = new Map();
  let at = 0;
  let last = 0;
  for (const { from, to, events } of slices) {
    // The next process of a reader resumes at its last position.
    if (from !== at) found.torn++;
    at = to;
    const got = new Set(events.map(([, position]) => position));
    for (let position = from + 1; position <= to; position++) {
      if (got.has(position)) continue;
      found.skipped++;
      // A reader may skip only positions that the store has recorded as unused.
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

/** The counts that must be 0. */
export const violations = ["lost", "duplicated", "reordered", "torn", "unproved", "forgotten", "broken"];
