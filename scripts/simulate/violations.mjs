// The invariants of sagas, and what was found to break them.

/** What must hold, by the name under which violations are counted. */
export const invariants = {
  money: "money is conserved",
  balances: "no balance is negative",
  ends: "each started saga ends once, as completed, compensated or suspended, and then stays as it is",
  effects: "a saga that did not complete has no net effect, one that did has each effect",
  compensation: "no command has its effect after its compensation",
  once: "each command has its effect at most once, and each saga is started once",
  order: "steps run in the order of the contract",
  joined: "events of a local step and its transition are stored together",
  epochs: "no process stores an outcome under an old epoch",
  timers: "no timer is early",
  events: "no event is lost",
  engine: "the engine reports no error",
  projections: "projections equal the fold of the log",
};

/** Violations, counted by invariant; each text is kept once. */
export class Violations {
  counts = Object.fromEntries(Object.keys(invariants).map((name) => [name, 0]));
  #texts = new Set();

  add(invariant, text) {
    if (!Object.hasOwn(invariants, invariant)) throw new Error(`there is no invariant ${invariant}`);
    this.counts[invariant]++;
    this.#texts.add(text);
  }

  addAll({ counts, texts }) {
    for (const [name, count] of Object.entries(counts)) this.counts[name] += count;
    for (const text of texts) this.#texts.add(text);
  }

  get texts() {
    return [...this.#texts];
  }
}
