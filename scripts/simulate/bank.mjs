// The services that sagas command: each keeps money and a record of the commands that it has executed.

/** Accounts, as services that deduplicate by command id, and bar a command whose compensation came first. */
export class Bank {
  balances = new Map();
  /** Effects in order: what each command did, by its saga and step. */
  effects = [];
  /** Command ids that arrived. */
  attempts = [];
  violations = new Set();
  #records = new Map();
  #barred = new Set();
  #undone = new Set();
  #done = new Set();
  #now;
  #options;

  constructor(accounts, money, now, options = {}) {
    for (let i = 0; i < accounts; i++) this.balances.set(`a${i}`, money);
    this.#now = now;
    this.#options = options;
  }

  get total() {
    return [...this.balances.values()].reduce((sum, one) => sum + one, 0);
  }

  /** Executes a command, once for each id. Returns the response; throws the refusal. */
  execute(commandId, method, request) {
    const known = this.#records.get(commandId);
    this.attempts.push({ at: this.#now(), commandId, method, request, isNew: known === undefined });
    if (known !== undefined && !this.#options.forgetful) {
      if (known.request !== JSON.stringify(request)) this.violations.add("a command id names two requests");
      return known;
    }
    const outcome = this.#decide(method, request);
    this.#records.set(commandId, { ...outcome, request: JSON.stringify(request) });
    return outcome;
  }

  #decide(method, request) {
    const { saga, step, element, account, amount } = request;
    const key = JSON.stringify([saga, step, element]);
    const effect = (phase) => {
      this.effects.push({ at: this.#now(), key, saga, step, element, phase, method, amount });
      return { response: { text: `${step} ${element}` } };
    };
    const isUndo = method.startsWith("undo_");
    if (isUndo) {
      if (request.isHard) return { refusal: "failed_precondition" };
      if (!this.#done.has(key)) {
        if (!this.#options.naive) this.#barred.add(key);
        return { response: { text: "never happened" } };
      }
      if (!this.#undone.has(key) || this.#options.forgetful) this.#add(account, -amount);
      this.#undone.add(key);
      return effect("undo");
    }
    if (this.#barred.has(key)) return { refusal: "failed_precondition" };
    if (request.isRefused) return { refusal: "failed_precondition" };
    if ((this.balances.get(account) ?? 0) + amount < 0) return { refusal: "failed_precondition" };
    this.#add(account, amount);
    this.#done.add(key);
    return effect("do");
  }

  #add(account, amount) {
    if (account !== undefined) this.balances.set(account, this.balances.get(account) + amount);
  }
}
