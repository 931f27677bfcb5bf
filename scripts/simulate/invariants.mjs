// What must hold at the end of a schedule, whatever happened.
import { readAccounts } from "./account-invariants.mjs";
import { isLocalStep, times } from "./sagas.mjs";
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
 * Returns the violations. `started`: the ids of transfers whose start was acknowledged; `typeOf`: the type of each; `hold`: the time of the
 * timer; `local`: steps that are committed with their transition, if they are so in all transfers; `accounts`: what is known of accounts
 * that are aggregates, and of events that concern several transfers.
 */
export function findViolations({
  bank,
  observer,
  started,
  total,
  accounts,
  typeOf = () => "sim.Transfer",
  deliveries = new Map(),
  hold = times.hold,
  local = [],
}) {
  const found = new Violations();
  found.addAll(observer.violations);
  found.addAll(bank.violations);
  const effects = new Map();
  const bySaga = new Map();
  for (const effect of [...bank.effects, ...(accounts?.effects ?? [])]) {
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
  for (const id of started) if (!ids.has(`${typeOf(id)} ${id}`)) found.add("ends", "a started saga was lost");
  const owners = new Set(["teller", ...[...ids].map((id) => id.split(" ")[1])]);
  for (const saga of bySaga.keys()) if (!owners.has(saga)) found.add("effects", "an effect belongs to no saga");
  const inAccounts = accounts === undefined ? 0 : readAccounts({ ...accounts, rows: observer.rows }, found);
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
    const held = isLocalStep(id, "debit") ? row.steps.hold.startedAt : undefined;
    checkOrder(own, { hold, local, held }, found);
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
  const money = bank.total + inAccounts;
  if (!isOpen && money !== total) found.add("money", `money is ${money} instead of ${total}`);
  return found;
}

/**
 * Steps follow the order of the contract, their compensations the reverse, and those after a timer its time. The transition of a local
 * step is decided a little before its events are stored, so its timer may run before its effect. `held`: since when the timer runs.
 */
function checkOrder(effects, { hold, local, held }, found) {
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
    const begun = held ?? Math.max(...before.map((name) => done.get(name) ?? 0));
    const early = begun + hold - at;
    if (early > 0) found.add("timers", `a timer was early by ${Math.ceil(early)} ms`);
  }
}
