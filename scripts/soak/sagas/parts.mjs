// The app of the test: accounts in the store, a service of the app and a remote one, and the transfers of the simulation over them.
import {
  defineAggregate,
  defineError,
  defineEvent,
  defineReadModel,
  defineSaga,
} from "../../../runtime/dist/codegen/index.js";
import { decideCommand } from "../../simulate/bank.mjs";
import { approved, codec, declareSagas, method } from "../../simulate/sagas.mjs";

/** Durations in milliseconds. No limit may pass because of faults: most sagas would be compensated. */
export const times = {
  hold: 1_000,
  approval: 3_600_000,
  debit: 3_600_000,
  deadline: 3_600_000,
  retry: { maxAttempts: 1_000, initialDelay: 50, maxDelay: 1_000 },
};

export const moved = defineEvent({ type: "sim.Moved", version: 1, codec });
export const opened = defineEvent({ type: "sim.Opened", version: 1, codec });
const refused = defineError({ code: "failed_precondition", codec });

export const openAccount = method("open_account");
export const approve = method("approve");

const ofAccount = (name) => ({ method: method(name), id: ({ account }) => account, creates: false });

const Account = defineAggregate({
  name: "Account",
  type: "sim.Account",
  commands: () => ({
    openAccount: { ...ofAccount("open_account"), creates: true },
    debit: ofAccount("debit"),
    undoDebit: ofAccount("undo_debit"),
    credit: ofAccount("credit"),
  }),
  events: { opened, moved },
  errors: { refused },
});

const move = (name) => ({
  decide: (balance, command) => {
    // The row of the saga says whether a local step was done: its compensation is sent only then, and needs no record here.
    const known = { isDone: true, isUndone: false, isBarred: false, balance };
    const { refusal, phase, moved: by } = decideCommand(known, name, command);
    if (refusal !== undefined) return Account.reject.refused({ account: command.account });
    return Account.event.moved({ ...command, phase, method: name, moved: by });
  },
  reply: () => ({ text: name }),
});
const moves = { debit: move("debit"), undoDebit: move("undo_debit"), credit: move("credit") };
const each = (pick) => Object.fromEntries(Object.entries(moves).map(([name, one]) => [name, one[pick]]));

const account = Account.decider({
  initial: () => 0,
  decide: { openAccount: (_, { amount }) => Account.event.opened({ amount }), ...each("decide") },
  evolve: { opened: (balance, { amount }) => balance + amount, moved: (balance, event) => balance + event.moved },
  reply: { openAccount: () => ({ text: "opened" }), ...each("reply") },
});

const Approval = defineAggregate({
  name: "Approval",
  type: "sim.Approval",
  commands: () => ({ approve: { method: approve, id: ({ id }) => `approval-${id}`, creates: true } }),
  events: { approved },
  errors: {},
});

const approval = Approval.decider({
  initial: () => false,
  decide: { approve: (_, { id }) => Approval.event.approved({ id }) },
  evolve: { approved: () => true },
  reply: { approve: () => ({ text: "approved" }) },
});

/** A row: the balance of an account, how many events were applied, and whether each was the next one. */
const balances = defineReadModel({
  name: "sim.Balance",
  codec,
  keyField: "account",
  key: (row) => row.account,
  events: { opened, moved },
}).projection({
  shards: 4,
  on: Object.fromEntries(
    ["opened", "moved"].map((name) => [
      name,
      async (event, rows, { stream, version }) => {
        const before = (await rows.get(stream.id)) ?? { balance: 0, version: 0, isBroken: false };
        await rows.upsert({
          account: stream.id,
          balance: before.balance + (event.moved ?? event.amount),
          version,
          isBroken: before.isBroken || version !== before.version + 1,
        });
      },
    ]),
  ),
});

/** `execute(method, request, commandId)`: what a function of this app does. */
function auditing(execute) {
  const names = ["open", "undo_open", "close", "undo_close"];
  const methods = Object.fromEntries(names.map((name) => [name, method(name)]));
  const handle = (name) => (request, ctx) => execute(methods[name], request, ctx.commandId);
  return {
    kind: "commands",
    service: { typeName: "sim.Bank", methods, errors: {}, views: () => ({}) },
    handlers: Object.fromEntries(names.map((name) => [name, handle(name)])),
  };
}

export const accountPart = account;

/** All parts of a worker. */
export function createParts(execute) {
  const sagas = declareSagas(times).map(({ saga, behaviour }) => defineSaga(saga).saga(behaviour));
  return [account, approval, balances, auditing(execute), ...sagas];
}
