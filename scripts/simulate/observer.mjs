// Watches the rows of sagas as they are committed, and what engines report about their messages.

/** Codes after which another attempt may succeed. */
const passing = new Set(["unavailable", "resource_exhausted", "deadline_exceeded"]);
const underWay = new Set(["sent", "undoing"]);

export class Observer {
  violations = new Set();
  /** The newest committed row of each saga, by type and id. */
  rows = new Map();
  fenced = 0;
  takenOver = 0;
  logger = {
    debug() {},
    info() {},
    warn() {},
    error: (text, { error } = {}) => this.#fail(`${text}: ${error?.stack ?? error}`),
  };
  #world;
  #left = new Map();
  #engines = [];

  constructor(world) {
    this.#world = world;
  }

  get counters() {
    const all = this.#engines.map(({ counters }) => counters);
    const sum = (name) => all.reduce((total, one) => total + one[name], 0);
    return { fenced: sum("fenced"), takenOver: sum("takenOver"), transitions: sum("transitions") };
  }

  #fail(violation) {
    this.violations.add(violation);
  }

  /** Looks at each outcome of a command that an engine has accepted: the command must have been that process's at that time. */
  watch(engine) {
    this.#engines.push(engine);
    const apply = engine.apply.bind(engine);
    engine.apply = async (key, message) => {
      const ignored = await apply(key, message);
      if (ignored === undefined && (message.kind === "response" || message.kind === "failure")) {
        const name = nameOf(`${key.type} ${key.id}`, message.step, message.element, message.epoch);
        const count = this.#left.get(name) ?? 0;
        if (count === 0) this.#fail(`an outcome under an old epoch was stored: ${message.step}`);
        this.#left.set(name, count - 1);
      }
      return ignored;
    };
  }

  /** Notes what one run of a transaction reads and writes. */
  transaction() {
    const known = new Map();
    const steps = [];
    const idOf = (table, key) => `${table.name.replace("potter.sagas.", "")} ${key}`;
    return {
      observe: (rows) => {
        const get = rows.get.bind(rows);
        const put = rows.put.bind(rows);
        // The transaction must not be read past this observer.
        Object.defineProperty(rows, "inMemory", { value: undefined });
        rows.get = async (table, tenant, key) => {
          const row = await get(table, tenant, key);
          known.set(idOf(table, key), row);
          return row;
        };
        rows.put = (table, tenant, key, row) => {
          const id = idOf(table, key);
          // Other rows say what waits for an event, and which events were early.
          if (table.name.startsWith("potter.sagas.")) steps.push({ id, before: known.get(id), after: row });
          known.set(id, row);
          return put(table, tenant, key, row);
        };
        return rows;
      },
      committed: () => {
        for (const one of steps) this.#transition(one);
      },
    };
  }

  #transition({ id, before, after }) {
    // What a transaction has read is mostly what was committed last.
    const last = this.rows.get(id);
    const was =
      last?.row.journal.text === before?.journal.text && last?.row.status === before?.status ? last : toSaga(before);
    const is = toSaga(after);
    this.rows.set(id, is);
    if (is.status === "suspended" && is.pivoted && passing.has(is.failure?.code)) {
      this.#fail("a saga whose pivot is done was suspended for a failure that passes");
    }
    if (was === undefined) return;
    const committed = this.#world.now;
    if (was.started !== is.started) this.#fail("a saga was started a second time");
    if (was.status === "compensated") this.#fail("a saga has changed after its end");
    if (was.status === "completed" && is.status !== "compensating") this.#fail("a saga has changed after its end");
    for (const [step, { commands, timerAt, status }] of Object.entries(was.steps)) {
      const next = is.steps[step];
      if (timerAt !== undefined && status === "running" && next.status === "done" && timerAt > committed) {
        this.#fail("a timer was early");
      }
      commands.forEach((command, element) => {
        const now = next.commands[element];
        if (!underWay.has(command.status) || now.status === command.status) return;
        const name = nameOf(id, step, element, command.epoch);
        this.#left.set(name, (this.#left.get(name) ?? 0) + 1);
      });
    }
  }
}

function toSaga(row) {
  return (
    row && {
      ...JSON.parse(row.journal.text),
      row,
      status: row.status,
      started: row.started,
      data: row.data,
      paused: row.paused,
    }
  );
}

function nameOf(id, step, element, epoch) {
  return `${id} ${step} ${element} ${epoch}`;
}
