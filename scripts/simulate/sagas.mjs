// The sagas of the simulation, as the generator would print them: transfers between accounts.
import { service as accounts } from "./accounts.mjs";
import { codec, methodOf } from "./codec.mjs";

export { codec };

/** Names the transfer that it approves. */
export const approved = { type: "sim.Approved", version: 1, codec };
/** Releases all transfers of a batch. */
export const released = { type: "sim.Released", version: 1, codec };

const bank = "sim.Bank";

/** The method of the bank with this name. */
export function method(name) {
  return methodOf(bank, name);
}

/** Durations in milliseconds: of the timer, and limits of the event, of a step and of the saga. */
export const times = {
  hold: 5_000,
  approval: 30_000,
  debit: 20_000,
  deadline: 120_000,
  retry: { maxAttempts: 3, initialDelay: 100, maxDelay: 1_000 },
};

function declare(name, steps, behaviour, own = {}) {
  return {
    kind: "saga",
    saga: {
      name,
      version: 1,
      codec,
      key: ({ id }) => id,
      steps: Object.fromEntries(steps.map((step) => [step.name, step])),
      engine: { name: "sagas" },
      ...own,
    },
    behaviour: { steps: behaviour },
  };
}

const log = (data, entry) => ({ ...data, log: [...data.log, entry] });
const request = (data, step, element, account, amount, more = {}) => ({
  saga: data.id,
  step,
  element,
  ...(account !== undefined && { account }),
  amount,
  ...more,
});

/** What both phases of a step send: the compensation takes the money back. */
function moves(step, account, amount) {
  const of = (data, more) => request(data, step, 0, account(data), amount(data), more(data));
  return {
    command: (data) =>
      of(data, ({ refuse, late }) => ({ isRefused: refuse === step, ...(late && { log: data.log.length }) })),
    response: (data, { text }) => log(data, text),
    compensation: (data) => of(data, ({ hard }) => ({ isHard: hard === step })),
  };
}

const nobody = () => undefined;
const nothing = () => 0;

const auditBehaviour = { open: moves("open", nobody, nothing), close: moves("close", nobody, nothing) };

const transferBehaviour = (isLocal) => ({
  debit: moves(
    "debit",
    ({ from }) => from,
    ({ amount }) => -amount,
  ),
  debit_other: moves(
    "debit_other",
    ({ other }) => other,
    ({ amount }) => -amount,
  ),
  fee: {
    ...moves(
      "fee",
      ({ from, payer = from }) => payer,
      () => -1,
    ),
    when: ({ amount }) => amount > 5,
  },
  seal: moves("seal", nobody, nothing),
  audit: {
    start: ({ id, refuse }) => ({ id: `${id}-audit`, refuse, log: [] }),
    completed: (data) => log(data, "audit"),
  },
  approve: { event: (data) => log(data, "approved") },
  release: { event: (data) => log(data, "released") },
  settle: moves("settle", isLocal ? ({ from }) => from : nobody, nothing),
  credit: {
    commands: (data) =>
      data.to.map((account, i) =>
        request(data, "credit", i, account, i > 0 ? data.amount : data.amount + (data.amount > 5 ? 1 : 0)),
      ),
    response: (data, { text }) => log(data, text),
  },
});

function declareCommand(service, retry, name, after, own = {}) {
  const [command, compensation] = [name, `undo_${name}`].map((one) => methodOf(service, one));
  return { kind: "command", name, after, command, compensation, retry, ...own };
}

function declareAudit({ retry }) {
  const steps = [
    ["open", []],
    ["close", ["open"]],
  ].map(([name, after]) => declareCommand(bank, retry, name, after));
  return declare("sim.Audit", steps, auditBehaviour);
}

/**
 * Transfers: two debits at once, an audit by a child saga, a wait for time and for an event, and credits once the transfer is final.
 * `service`: holds the money; `isReleased`: it also waits for an event that concerns several transfers.
 */
function declareTransfer(given, audit, { name = "sim.Transfer", service = bank, isReleased = false } = {}) {
  const { hold, approval, debit, deadline, retry } = given;
  const command = (...step) => declareCommand(bank, retry, ...step);
  const move = (...step) => declareCommand(service, retry, ...step);
  const once = { maxAttempts: 1, initialDelay: 0, maxDelay: 0 };
  const wait = (step, after, event, keys) => ({ kind: "event", name: step, after, event, timeout: approval, ...keys });
  const batch = (data) => data.batch;
  const steps = [
    move("debit", [], { timeout: debit }),
    // A saga that begins with one local command starts in its transaction.
    move("debit_other", service === bank ? [] : ["debit"]),
    command("fee", ["debit"], { when: true }),
    { kind: "timer", name: "hold", after: ["debit", "debit_other"], delay: hold },
    command("seal", ["hold"]),
    { kind: "saga", name: "audit", after: ["debit"], saga: () => audit.saga, retry: once },
    wait("approve", ["fee"], approved, { eventKey: ({ id }) => id }),
    ...(isReleased ? [wait("release", ["debit"], released, { key: batch, eventKey: batch })] : []),
    move("settle", ["seal", "audit", "approve", "fee", ...(isReleased ? ["release"] : [])], {
      compensation: undefined,
      pivot: true,
    }),
    move("credit", ["settle"], { compensation: undefined, forEach: true }),
  ];
  return declare(name, steps, transferBehaviour(service !== bank), { deadline });
}

/** Transfers and their audits. */
export function declareSagas(given = times) {
  const audit = declareAudit(given);
  return [declareTransfer(given, audit), audit];
}

const audit = declareAudit(times);
/** Transfers whose money is in another service, and those whose money is in accounts that are aggregates of the app. */
export const sagas = [
  declareTransfer(times, audit, { isReleased: true }),
  declareTransfer(times, audit, { name: "sim.Local", service: accounts, isReleased: true }),
  audit,
];
export const transferTypes = ["sim.Transfer", "sim.Local"];

/** The steps of local transfers whose events are one commit with the row of the saga. */
export const localSteps = new Set(["debit", "debit_other", "settle"]);

/** Whether the step of a saga, by type and id, is one commit with its row. */
export function isLocalStep(id, step) {
  return id.startsWith("sim.Local ") && localSteps.has(step);
}
