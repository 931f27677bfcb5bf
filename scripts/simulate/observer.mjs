// Watches the rows of sagas as they are committed, and what engines report about their messages.
import { recallRows } from "./recall-rows.mjs";
import { localSteps } from "./sagas.mjs";
import { checkTransition, commandName, endedCommands, localEffects, toSaga } from "./transitions.mjs";
import { Violations } from "./violations.mjs";

export class Observer {
  violations = new Violations();
  /** The newest committed row of each saga, by type and id. */
  rows = new Map();
  /** When each saga was first committed. */
  begun = new Map();
  /** What events of accounts did, in the order of their commits. */
  effects = [];
  logger = {
    debug() {},
    info() {},
    warn() {},
    error: (text, { error } = {}) => this.violations.add("engine", `${text}: ${error?.stack ?? error}`),
  };
  #world;
  #left = new Map();
  #engines = [];
  #decodes;

  /** `decodes`: whether engines decode the rows that they read, or receive what was stored. */
  constructor(world, decodes) {
    this.#world = world;
    this.#decodes = decodes;
  }

  get counters() {
    const all = this.#engines.map(({ counters }) => counters);
    const sum = (name) => all.reduce((total, one) => total + one[name], 0);
    return { fenced: sum("fenced"), takenOver: sum("takenOver"), transitions: sum("transitions") };
  }

  /** Looks at each outcome of a command that an engine has accepted: the command must have been that process's at that time. */
  watch(engine) {
    this.#engines.push(engine);
    if (!this.#decodes) recallRows(engine);
    const apply = engine.apply.bind(engine);
    engine.apply = async (key, message) => {
      const ignored = await apply(key, message);
      if (ignored === undefined && (message.kind === "response" || message.kind === "failure")) {
        const name = commandName(`${key.type} ${key.id}`, message.step, message.element, message.epoch);
        const count = this.#left.get(name) ?? 0;
        if (count === 0) this.violations.add("epochs", `an outcome under an old epoch was stored: ${message.step}`);
        this.#left.set(name, count - 1);
      }
      return ignored;
    };
  }

  /** Notes what was committed together: the sagas that a transaction has written, and events of an account. */
  committed(steps = [], events = []) {
    const ended = new Set(steps.flatMap((one) => this.#transition(one)));
    for (const event of events) {
      const { saga, step, element, phase } = event;
      this.effects.push({ at: this.#world.now, key: JSON.stringify([saga, step, element]), ...event });
      if (localSteps.has(step) && !ended.delete(`${saga} ${step} ${element} ${phase}`)) {
        this.violations.add("joined", "an event was committed without its transition");
      }
    }
    if (ended.size > 0) this.violations.add("joined", "a local step ended without its event");
  }

  /** Returns what the local commands did that have ended with success. */
  #transition({ id, before, after }) {
    // What a transaction has read is mostly what was committed last.
    const last = this.rows.get(id);
    const was = isSame(last?.row, before) ? last : toSaga(before);
    const is = toSaga(after);
    this.rows.set(id, is);
    checkTransition(was, is, this.#world.now, this.violations);
    if (was === undefined) this.begun.set(id, this.#world.now);
    for (const { name } of endedCommands(id, was, is)) this.#left.set(name, (this.#left.get(name) ?? 0) + 1);
    return localEffects(id, was, is);
  }
}

function isSame(one, other) {
  if (one === other) return true;
  if (one === undefined || other === undefined || one.status !== other.status) return false;
  // Its text is made when it is read.
  return one.journal === other.journal || one.journal.text === other.journal.text;
}
