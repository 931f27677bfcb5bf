// What must hold for accounts that are aggregates, and for events that concern several sagas.
import { firstBalance } from "./accounts.mjs";

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
  for (const [id, row] of rows) checkRelease(row, begun.get(id), releases, found);
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
