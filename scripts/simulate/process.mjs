// A process of the simulation: an engine whose calls leave it through gates, so that it can crash and freeze at any of them.
import { createAccountBus, isLocal, service } from "./accounts.mjs";
import { allowAppends, effectsOf, guardedRows, simulatedEvents } from "./simulated-events.mjs";

/** The names of what happens to a statement. Kept, since a new string costs its hash at each use. */
function nameFaults(name) {
  const way = (of) => ({ slow: `slow ${of}`, delay: `delay ${of}` });
  return {
    there: way(name),
    back: way(`${name} back`),
    notSent: `${name} not sent`,
    answerLost: `${name} answer lost`,
  };
}

function toUuid(number) {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A store that is away is no fault of the app. */
function faultsOf(logger) {
  const error = (text, fields) => text === "call failed with a server error" || logger.error(text, fields);
  return { ...logger, error };
}

const names = ["read", "get", "scan", "count", "due", "commit", "call", "append", "load", "find"];
const faults = Object.fromEntries(names.map((name) => [name, nameFaults(name)]));

export class SimulatedProcess {
  isDead = false;
  isStarted = false;
  engine;
  /** Carries out commands of accounts. */
  bus;
  #thawed;
  #thaw;
  #parts;
  #world;
  #number;

  constructor({ number, world, store, bank, runtime, parts, observer, guards }) {
    this.#number = number;
    this.name = `process ${number}`;
    this.#world = world;
    this.#parts = { store, bank, runtime, parts, observer, guards };
  }

  /** Starts the engine, as often as it takes while the store is away. */
  async start(lease) {
    const { store, bank, runtime, parts, observer, guards } = this.#parts;
    const world = this.#world;
    const { logger } = observer;
    const openRows = () => this.#openRows(store.rows);
    const events = simulatedEvents({
      ...{ store, world, runtime, guards, openRows },
      statement: (name, work) => this.#statement(faults[name], work),
      committed: (steps, moved) => observer.committed(steps, moved),
    });
    const clock = { now: () => new Date(world.now), newId: () => toUuid(world.number()) };
    this.bus = createAccountBus({ runtime, events, logger: faultsOf(logger), clock });
    this.engine = new runtime.SagaEngine(parts, {
      store: { ...store, rows: this.#rows(store.rows) },
      logger,
      options: { lease, pollInterval: 3_000, concurrency: 4, call: (...given) => this.#call(bank, ...given) },
      handles: (method) => method.service === service,
      isFunction: () => false,
      isLocal,
      onChange() {},
    });
    observer.watch(this.engine);
    for (;;) {
      try {
        await this.engine.connect(this.bus);
        this.engine.start();
        this.isStarted = true;
        return;
      } catch {
        await world.sleep(50);
      }
    }
  }

  /** Dies: nothing that it has begun continues, except what others received. */
  crash() {
    this.isDead = true;
    this.#thaw?.();
  }

  freeze() {
    if (this.#thawed !== undefined) return;
    this.#thawed = new Promise((resolve) => {
      this.#thaw = () => {
        this.#thawed = undefined;
        resolve();
      };
    });
  }

  thaw() {
    this.#thaw?.();
  }

  /** A point at which the process may have died or been frozen meanwhile. A dead process never continues. */
  #gate() {
    return this.isDead || this.#thawed !== undefined ? this.#wait() : undefined;
  }

  async #wait() {
    while (this.#thawed !== undefined) await this.#thawed;
    if (this.isDead) await new Promise(() => {});
  }

  /** Takes a while. `way`: the names of its faults and delays. */
  #travel({ slow, delay }) {
    const world = this.#world;
    const isSlow = world.fault(slow, 0.02, this.name);
    return world.sleep(world.random(delay) * (isSlow ? 4_000 : 5));
  }

  #unavailable() {
    return new this.#parts.runtime.PotterError("unavailable", "the connection was lost");
  }

  async #statement({ there, back, notSent, answerLost }, work) {
    const world = this.#world;
    await this.#travel(there);
    await this.#gate();
    if (world.fault(notSent, 0.02, this.name)) throw this.#unavailable();
    const result = await work();
    await this.#travel(back);
    await this.#gate();
    if (world.fault(answerLost, 0.02, this.name)) throw this.#unavailable();
    return result;
  }

  /** Begins to read and change rows. Notes what is seen, for when it is committed. */
  #openRows(rows, check = () => {}) {
    const { runtime } = this.#parts;
    const read = (...given) => this.#statement(faults.read, () => rows.readBytes(...given));
    const reads = new runtime.RowReads(read, check);
    const buffer = new runtime.ObservedRows(reads.read);
    const { steps } = buffer;
    const { with: toUsed } = reads;
    reads.with = (changes) => Object.assign(toUsed.call(reads, changes), { steps });
    return { rows: buffer, reads };
  }

  /**
   * The rows of the store, at the end of a connection that is slow and breaks. Transactions are those of this process only. Every second
   * process can append in them.
   */
  #rows(rows) {
    const { observer, runtime, guards = {} } = this.#parts;
    const transactor = new runtime.RowTransactor({
      begin: (check, isAgain) => {
        const opened = this.#openRows(rows, check);
        if (!isAgain && this.#number % 2 === 1) allowAppends(opened.rows);
        return opened;
      },
      commit: ({ rows: used, appends, records }) =>
        this.#statement(faults.commit, async () => {
          const { conditions, steps } = guardedRows(used, appends.length > 0 ? guards : {});
          const made = appends.map((request) => ({ request, at: this.#world.now }));
          const isDone = rows.commit({ rows: conditions, appends: made, records });
          if (isDone) observer.committed(steps, appends.flatMap(effectsOf));
          return isDone;
        }),
    });
    return {
      get: (...given) => this.#statement(faults.get, () => rows.get(...given)),
      scan: (...given) => this.#statement(faults.scan, () => rows.scan(...given)),
      count: (...given) => this.#statement(faults.count, () => rows.count(...given)),
      due: (...given) => this.#statement(faults.due, () => this.#world.byStoreClock(() => rows.due(...given))),
      transact: (apply) => transactor.run(apply),
    };
  }

  /** Sends a command to the bank: it may be lost, late or doubled, and so may the answer. */
  async #call(bank, method, request, { commandId, signal }) {
    const world = this.#world;
    const { name } = method;
    const about = `${name} of ${request.saga}`;
    await this.#travel(faults.call.there);
    await this.#gate();
    if (world.fault("command lost", 0.05, about)) {
      await this.#untilAborted(signal, 3_000);
      throw this.#unavailable();
    }
    if (world.fault("command late", 0.03, about)) {
      // Its sender gives up before it arrives.
      const delay = world.integer("late", 1_000, 60_000);
      world.schedule(delay, () => bank.execute(commandId, name, request));
      await this.#untilAborted(signal, delay / 2);
      throw this.#unavailable();
    }
    if (world.fault("refused for now", 0.03, name)) {
      throw new this.#parts.runtime.PotterError("resource_exhausted", "the service is busy");
    }
    const { response, refusal } = bank.execute(commandId, name, request);
    if (world.fault("command doubled", 0.05, about)) {
      const delay = world.integer("doubled", 1, 60_000);
      world.schedule(delay, () => bank.execute(commandId, name, request));
    }
    if (world.fault("slow answer", name === "fee" ? 0.3 : 0.03, name))
      await world.sleep(world.integer("slow answer", 1_000, 15_000));
    await this.#travel(faults.call.back);
    await this.#gate();
    if (world.fault("answer lost", 0.05, about)) throw this.#unavailable();
    if (refusal !== undefined) throw new this.#parts.runtime.PotterError(refusal, "the bank refuses");
    return response;
  }

  async #untilAborted(signal, milliseconds) {
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await Promise.race([aborted, this.#world.sleep(milliseconds)]);
    await this.#gate();
  }
}
