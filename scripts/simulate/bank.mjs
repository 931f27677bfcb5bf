// The services that sagas command: each keeps money and a record of the commands that it has executed.
import { Violations } from "./violations.mjs";

/** Accounts, as services that deduplicate by command id, and bar a command whose compensation came first. */
export class Bank {
  balances = new Map();
  /** Effects in order: what each command did, by its saga and step. */
  effects = [];
  /** Command ids that arrived. */
  attempts = [];
  violations = new Violations();
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
      if (known.request !== JSON.stringify(request)) this.violations.add("once", "a command id names two requests");
      return known;
    }
    const outcome = this.#decide(method, request);
    this.#records.set(commandId, { ...outcome, request: JSON.stringify(request) });
    return outcome;
  }

  #decide(method, request) {
    const { saga, step, element, account, amount } = request;
    const key = JSON.stringify([saga, step, element]);
    const known = {
      isDone: this.#done.has(key),
      isUndone: this.#undone.has(key),
      isBarred: this.#barred.has(key),
      balance: this.balances.get(account) ?? 0,
    };
    const { refusal, text, phase, moved, isBarred } = decideCommand(known, method, request, this.#options);
    if (refusal !== undefined) return { refusal };
    if (isBarred) this.#barred.add(key);
    if (phase === undefined) return { response: { text } };
    this.#add(account, moved);
    (phase === "do" ? this.#done : this.#undone).add(key);
    this.effects.push({ at: this.#now(), key, saga, step, element, phase, method, amount });
    return { response: { text } };
  }

  #add(account, amount) {
    if (account !== undefined) this.balances.set(account, this.balances.get(account) + amount);
  }
}

/**
 * What a service does on a command, by what it knows of the step: refuses it, answers without an effect, or moves money. `isBarred`: the
 * command that is compensated must not come later. Options remove guards: `naive` bars nothing, `forgetful` repeats what was done.
 */
export function decideCommand(known, method, request, { naive = false, forgetful = false } = {}) {
  const { step, element, amount } = request;
  const text = `${step} ${element}`;
  if (method.startsWith("undo_")) {
    if (request.isHard) return { refusal: "failed_precondition" };
    if (!known.isDone) return { text: "never happened", isBarred: !naive };
    return { text, phase: "undo", moved: known.isUndone && !forgetful ? 0 : -amount };
  }
  if (known.isBarred || request.isRefused || known.balance + amount < 0) return { refusal: "failed_precondition" };
  return { text, phase: "do", moved: amount };
}
