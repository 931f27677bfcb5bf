// The events of the store, as one process reaches them. An append with rows is one commit, on condition of all that it has read.

/** How often an append runs at most while others change the rows that it has read. */
const maxAttempts = 16;
const rowChanged = Symbol("a row has changed");

/** What the events of an append did, to which account. */
export function effectsOf(request) {
  const all = (request.parts ?? [request]).flatMap((part) => part.events);
  return all.map(({ data }) => ({ ...data, account: request.stream.id }));
}

/** What is written with an append. `guards.rows`: whether rows must be as they were read, `guards.joined`: whether they are written at all. */
export function guardedRows(used, { rows = true, joined = true }) {
  if (!joined) return { conditions: [], steps: [] };
  return { conditions: rows ? used : used.map((one) => ({ ...one, read: undefined })), steps: used.steps };
}

/** Lets a transaction append. */
export function allowAppends(rows) {
  rows.appends = [];
  rows.append = (request) =>
    rows.attempt(async () => {
      await request.inline?.([], rows);
      rows.appends.push(request);
      rows.onUndo(() => rows.appends.pop());
    });
}

/**
 * Returns an event store. `statement(name, work)`: runs work of the store, at the end of a connection; `openRows()`: begins to read and
 * change rows; `committed(steps, events)`: is called with what was written of sagas, and with the events that were committed with it. `guards`: as of `guardedRows`.
 */
export function simulatedEvents({ store, statement, openRows, committed, world, runtime, guards = {} }) {
  const { events, rows } = store;

  /** Writes all or nothing. The calls of the store have their effect at once, before their promises resolve. */
  function commit({ inline: _, ...request }, used, { isRefused, append }) {
    if (!isRefused(request)) {
      const { conditions, steps } = guardedRows(used, guards);
      if (!rows.commit({ rows: conditions, appends: [], records: [] })) return rowChanged;
      committed(steps, effectsOf(request));
    }
    return append(request);
  }

  async function run(request, kind) {
    const { inline } = request;
    if (inline === undefined) return statement("append", () => commit(request, [], kind));
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { rows: buffer, reads } = openRows();
      await inline([], buffer);
      const used = reads.with(buffer.changes);
      const result = await statement("append", () => commit(request, used, kind));
      if (result !== rowChanged) return result;
      await world.sleep(world.random("row changed") * 5);
    }
    throw new runtime.PotterError("aborted", "rows are changed by too many transactions at once");
  }

  const one = {
    isRefused: (request) => events.refusals.ofOne(request) !== undefined,
    append: (request) => events.append(request),
  };
  const sequence = {
    isRefused({ stream, expectedVersion, parts }) {
      const commands = parts.flatMap(({ command }) => command ?? []);
      const refusal = events.refusals.ofStream({ stream, expectedVersion });
      return refusal !== undefined || events.commands.anyKnown(stream.tenant, commands);
    },
    append: (request) => events.appendSequence(request),
  };
  return {
    append: (request) => run(request, one),
    appendSequence: (request) => run(request, sequence),
    loadStream: (...given) => statement("load", () => events.loadStream(...given)),
    readStream: (...given) => statement("load", () => events.readStream(...given)),
    findCommand: (...given) => statement("find", () => events.findCommand(...given)),
  };
}
