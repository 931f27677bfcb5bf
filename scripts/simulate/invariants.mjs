// What must hold at the end of a schedule, whatever happened.
import { times } from "./sagas.mjs";
import { Violations } from "./violations.mjs";

const order = {
  fee: ["debit"],
  seal: ["debit", "debit_other"],
  settle: ["seal", "fee"],
  credit: ["settle"],
  close: ["open"],
};

/** Whether a saga stays suspended whatever a person retries: a compensation is refused, or a pivot that may have been executed. */
export function isHeld({ status, data, failure }) {
  if (status !== "suspended") return false;
  return (
    data.hard !== undefined ||
    (data.refuse === "settle" && failure?.reason === "it is unknown whether the pivot was executed")
  );
}

/**
 * Returns the violations. `started`: the ids of transfers whose start was acknowledged; `hold`: the time of the timer; `local`: steps that
 * are committed with their transition. Its time is that of the decision, so a timer after them may begin before their effect.
 */
export function findViolations(given) {
  const { bank, observer, started, total, deliveries = new Map(), hold = times.hold, local = [] } = given;
  const found = new Violations();
  found.addAll(observer.violations);
  found.addAll(bank.violations);
  const effects = new Map();
  const bySaga = new Map();
  for (const effect of bank.effects) {
    effects.set(effect.key, [...(effects.get(effect.key) ?? []), effect]);
    bySaga.set(effect.saga, [...(bySaga.get(effect.saga) ?? []), effect]);
  }
  for (const all of effects.values()) {
    const phases = all.map(({ phase }) => phase).join(" ");
    if (phases === "undo do") found.add("compensation", "a command had its effect after its compensation");
    else if (!["do", "do undo"].includes(phases)) found.add("once", `the effects of one command were: ${phases}`);
  }
  if ([...bank.balances.values()].some((one) => one < 0)) found.add("balances", "a balance is negative");
  const ids = new Set([...observer.rows.keys()]);
  for (const id of started) if (!ids.has(`sim.Transfer ${id}`)) found.add("ends", "a started saga was lost");
  for (const saga of bySaga.keys()) {
    if (!ids.has(`sim.Transfer ${saga}`) && !ids.has(`sim.Audit ${saga}`))
      found.add("effects", "an effect belongs to no saga");
  }
  let isOpen = false;
  for (const [id, row] of observer.rows) {
    const saga = id.split(" ")[1];
    const own = bySaga.get(saga) ?? [];
    const net = (step) =>
      own.filter((one) => one.step === step).reduce((sum, { phase }) => sum + (phase === "do" ? 1 : -1), 0);
    const expect = (step, count) => {
      if (net(step) !== count)
        found.add("effects", `a ${row.status} saga has ${net(step)} net effects of ${step} instead of ${count}`);
    };
    checkOrder(own, { hold, local }, found);
    if (row.status === "suspended") {
      isOpen = true;
      if (!row.failure?.code) found.add("ends", "a saga is suspended without a reason");
      if (!isHeld(row)) found.add("ends", `a saga is suspended that nothing holds: ${JSON.stringify(row.failure)}`);
    } else if (row.status !== "completed" && row.status !== "compensated") {
      isOpen = true;
      found.add("ends", `a saga did not end: it is ${row.status}`);
    } else if (row.status === "compensated") {
      for (const { step } of own) expect(step, 0);
      const child = observer.rows.get(`sim.Audit ${saga}-audit`);
      if (child !== undefined && child.status !== "compensated") {
        found.add("effects", `the child of a compensated saga is ${child.status}`);
      }
    } else if (id.startsWith("sim.Audit")) {
      expect("open", 1);
      expect("close", 1);
    } else {
      for (const step of ["debit", "debit_other", "seal", "settle"]) expect(step, 1);
      expect("fee", row.data.amount > 5 ? 1 : 0);
      expect("credit", row.data.to.length);
      const child = observer.rows.get(`sim.Audit ${saga}-audit`);
      if (child?.status !== "completed") found.add("effects", `the child of a completed saga is ${child?.status}`);
    }
    const expired = row.history.find(({ event, step }) => event === "step_timeout" && step === "approve");
    const received = deliveries.get(saga)?.[0];
    if (expired && received !== undefined && received < expired.at - 20_000) found.add("events", "an event was lost");
  }
  if (!isOpen && bank.total !== total) found.add("money", `money is ${bank.total} instead of ${total}`);
  return found;
}

/** Steps follow the order of the contract, their compensations the reverse, and those after a timer its time. */
function checkOrder(effects, { hold, local }, found) {
  const firstOf = (wanted) => {
    const first = new Map();
    for (const { step, phase, at } of effects) if (phase === wanted && !first.has(step)) first.set(step, at);
    return first;
  };
  const [done, undone] = [firstOf("do"), firstOf("undo")];
  for (const [step, at] of done) {
    for (const before of order[step] ?? []) {
      // A step that a guard has skipped has no effect.
      if (!done.has(before) ? before !== "fee" : done.get(before) > at) {
        found.add("order", `${step} ran before ${before}`);
      }
      if (undone.get(before) < undone.get(step)) found.add("order", `${before} was undone before ${step}`);
    }
    if (step !== "seal") continue;
    const before = ["debit", "debit_other"].filter((name) => !local.includes(name));
    const early = Math.max(...before.map((name) => done.get(name) ?? 0)) + hold - at;
    if (early > 0) found.add("timers", `a timer was early by ${Math.ceil(early)} ms`);
  }
}
