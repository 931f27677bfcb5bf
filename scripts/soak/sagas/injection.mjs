// Faults that a process inflicts on itself, at points outside of the product: in the ports of its store and in its calls.
import { openSync, readFileSync, writeSync } from "node:fs";
import { toSaga } from "../../simulate/transitions.mjs";
import { cellName, cells, faults, operationsOf, operationsOfEvents } from "./points.mjs";

/** Ends all faults when it is in the file of hits. */
export const calm = "calm";

/** The hits of all processes: one line each, the name and the process. */
export function readHits(file) {
  const counts = new Map(cells.map((cell) => [cell, 0]));
  const stopped = [];
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").slice(0, -1);
  for (const line of lines) {
    const [cell, process, pid] = line.split("\t");
    if (!counts.has(cell)) continue;
    counts.set(cell, counts.get(cell) + 1);
    if (cell.endsWith("stopped")) stopped.push({ process, pid: Number(pid) });
  }
  return { counts, stopped, isCalm: lines.includes(calm) };
}

export class Injection {
  #path;
  #file;
  #process;
  #rounds;
  #gap;
  /** Writes and calls since the last fault. */
  #done = 0;
  /** How often each point is still passed without a fault. */
  #left = new Map(cells.map((cell) => [cell, Math.floor(3 * Math.random())]));

  /** `rounds`: how often each fault happens at most at each point, over all processes; `gap`: how many writes and calls are between two. */
  constructor({ hits, process, rounds, gap }) {
    this.#path = hits;
    this.#file = openSync(hits, "a");
    this.#process = process;
    this.#rounds = rounds;
    this.#gap = gap;
  }

  /** A point: the process may die or be stopped here. */
  pass(operations, point) {
    for (const fault of ["killed", "stopped"]) {
      if (!this.#happens(operations, point, fault)) continue;
      process.kill(process.pid, fault === "killed" ? "SIGKILL" : "SIGSTOP");
      return;
    }
  }

  /** The same while a statement is on its way to the database, or has just arrived. */
  passSoon(operations, point) {
    setTimeout(() => this.pass(operations, point), 2 * Math.random());
  }

  /** After each write and each call: whether it is delivered again. */
  isTwice(operations) {
    if (operations.length > 0) this.#done++;
    return this.#happens(operations, "delivery", "twice");
  }

  #happens(operations, point, fault) {
    if (this.#done < this.#gap) return false;
    for (const operation of operations) {
      const cell = cellName(operation, point, fault);
      const left = this.#left.get(cell);
      if (left === undefined) continue;
      this.#left.set(cell, left - 1);
      if (left > 0) continue;
      this.#left.delete(cell);
      const { counts, isCalm } = readHits(this.#path);
      if (isCalm) this.#left.clear();
      if (isCalm || counts.get(cell) >= this.#rounds) continue;
      writeSync(this.#file, `${cell}\t${this.#process}\t${process.pid}\n`);
      if (fault !== "twice") this.#done = 0;
      return true;
    }
    return false;
  }
}

/** A store whose writes pass points. */
export function injectIntoStore(store, injection) {
  const { events, rows } = store;
  const committing = async (operations, run) => {
    injection.pass(operations, "before the commit");
    injection.passSoon(operations, "during the commit");
    const result = await run();
    injection.pass(operations, "before the answer");
    if (injection.isTwice(operations)) await run().catch(() => {});
    return result;
  };
  return over(store, {
    events: over(events, {
      append: (request) => committing(operationsOfEvents(request.events), () => events.append(request)),
      appendSequence: (request) => {
        const all = request.parts.flatMap((part) => part.events);
        return committing(operationsOfEvents(all), () => events.appendSequence(request));
      },
    }),
    rows: over(rows, {
      transact: async (apply) => {
        let operations = [];
        const run = () =>
          rows.transact(async (transaction) => {
            const observed = observe(transaction);
            const result = await apply(transaction);
            operations = [...observed];
            injection.pass(operations, "before the commit");
            injection.passSoon(operations, "during the commit");
            return result;
          });
        const result = await run();
        injection.pass(operations, "before the answer");
        if (injection.isTwice(operations)) await run().catch(() => {});
        return result;
      },
    }),
  });
}

/** Calls to a bank that pass points; some are slow, and some arrive after their sender has given up. */
export function injectIntoCalls(execute, injection, { lease, unavailable }) {
  return async (method, request, commandId) => {
    const operations = [method.name.startsWith("undo_") ? "call of a compensation" : "call"];
    const send = () => execute(method, request, commandId);
    const later = () => setTimeout(() => send().catch(() => {}), 2 * lease * Math.random());
    injection.pass(operations, "before the call");
    if (Math.random() < 0.02) {
      later();
      throw unavailable();
    }
    const answer = send();
    // Awaited below.
    answer.catch(() => {});
    if (injection.isTwice(operations)) {
      later();
      await send().catch(() => {});
    }
    const response = await answer;
    if (Math.random() < 0.03) await new Promise((resolve) => setTimeout(resolve, 1.5 * lease * Math.random()));
    injection.pass(operations, "after the effect");
    return response;
  };
}

/** Replaces properties of an object; its methods stay bound to it. */
function over(target, changes) {
  return new Proxy(target, {
    get(object, key) {
      const value = key in changes ? changes[key] : object[key];
      return typeof value === "function" ? value.bind(object) : value;
    },
  });
}

/** Returns a set to which the operations of a transaction are added. */
function observe(transaction) {
  const operations = new Set();
  const known = new Map();
  const get = transaction.get.bind(transaction);
  const put = transaction.put.bind(transaction);
  const isSaga = ({ name }) => name.startsWith("potter.sagas.sim.");
  const idOf = ({ name }, key) => `${name} ${key}`;
  // The transaction must not be read past these methods.
  Object.defineProperty(transaction, "inMemory", { value: undefined });
  const append = transaction.append?.bind(transaction);
  if (append !== undefined) {
    transaction.append = (request) => {
      for (const operation of operationsOfEvents(request.events)) operations.add(operation);
      return append(request);
    };
  }
  transaction.get = async (table, tenant, key) => {
    const row = await get(table, tenant, key);
    if (isSaga(table)) known.set(idOf(table, key), row);
    return row;
  };
  transaction.put = (table, tenant, key, row) => {
    if (isSaga(table)) {
      const id = idOf(table, key);
      for (const operation of operationsOf(toSaga(known.get(id)), toSaga(row))) operations.add(operation);
      known.set(id, row);
    }
    return put(table, tenant, key, row);
  };
  return operations;
}

export { faults };
