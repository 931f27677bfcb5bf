// What must hold for accounts that are aggregates, and for events that concern several sagas.
import { firstBalance } from "./accounts.mjs";
import { times } from "./sagas.mjs";

/**
 * Returns the money that sagas have moved into accounts. `effects`: of events, as they were committed; `events`: those in the store;
 * `deposits`: commands of others that were answered; `begun`: when each saga was first committed; `releases`: when events were given to
 * engines; `rows`: the sagas in the end.
 */
export function readAccounts({ effects, events, deposits, begun, releases, rows }, found) {
  const balances = new Map();
  for (const { stream, data, version } of events) {
    const account = balances.get(stream.id) ?? { balance: firstBalance, version: 0 };
    if (version !== account.version + 1) found.add("once", "a stream has two events of one version");
    balances.set(stream.id, { balance: account.balance + data.amount, version });
  }
  if (events.length !== effects.length) found.add("joined", "events are in the store that were never committed");
  if ([...balances.values()].some(({ balance }) => balance < 0)) found.add("balances", "a balance is negative");
  const deposited = effects.filter(({ saga }) => saga === "teller");
  for (const { element, isRefused } of deposits) {
    const count = deposited.filter((one) => one.element === element).length;
    if (count !== (isRefused ? 0 : 1)) found.add("once", `a deposit had ${count} effects`);
  }
  for (const [id, row] of rows) {
    checkRelease(row, begun.get(id), releases, found);
    const [type] = id.split(" ");
    const others = [...rows].filter(
      ([other, { data }]) => other.startsWith(`${type} `) && data.batch === row.data.batch,
    );
    if (others.length === 1) checkKept(row, begun.get(id), releases, found);
  }
  const moved = [...balances.values()].reduce((sum, { balance }) => sum + balance - firstBalance, 0);
  return moved - deposited.reduce((sum, { amount }) => sum + amount, 0);
}

/** An event that several sagas wait for reaches each of those that waited when it was read, and each once. */
function checkRelease({ data, history }, begun, releases, found) {
  const count = data.log?.filter((entry) => entry === "released").length ?? 0;
  if (count > 1) found.add("once", `a saga has received ${count} events for one step`);
  const expired = history.find(({ event, step }) => event === "step_timeout" && step === "release");
  if (expired === undefined) return;
  const isLost = ({ batch, began, ended }) => batch === data.batch && began > begun && ended < expired.at;
  if (releases.some(isLost)) found.add("events", "an event did not reach all sagas that waited for it");
}

/** How long an event is kept at least, in milliseconds: the clock of a process that was frozen is behind. */
const keptFor = times.approval - 20_000;
const received = new Set(["event_kept", "step_done"]);
/** After them a saga waits for no event. */
const endings = new Set(["compensating", "compensated", "cancelled", "step_timeout"]);
/** While a saga is held, it does not show what it has received. */
const held = new Set(["paused", "suspended"]);

/**
 * An event that only one saga waits for reaches it, whether it comes first or the saga does: the saga has it as soon as it has begun and the
 * event was handled.
 */
function checkKept({ data, history, steps }, begun, releases, found) {
  const own = releases.filter(({ batch }) => batch === data.batch);
  const both = Math.max(begun, Math.min(...own.map(({ ended }) => ended)));
  const isKept = begun < Math.min(...own.map(({ began }) => began)) + keptFor;
  if (steps.release === undefined || !Number.isFinite(both) || !isKept) return;
  const hasReceived = ({ event, step, at }) => step === "release" && received.has(event) && at <= both;
  const isOver = ({ event, at }) => held.has(event) || (at <= both && endings.has(event));
  if (history.some(hasReceived) || history.some(isOver)) return;
  found.add("events", "an event was lost while its saga began to wait");
}
