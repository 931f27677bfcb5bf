// Accounts as aggregates: steps that command them are local, so that their events and the saga's row are one commit.
import { codec, methodOf } from "./codec.mjs";

export const service = "sim.Accounts";
/** The balance of an account without events. */
export const firstBalance = 20;

const moved = { type: "sim.moved", version: 1, codec };
const phases = {
  do: ["debit", "debit_other", "settle", "credit", "deposit"],
  undo: ["undo_debit", "undo_debit_other"],
};
const methods = new Map(Object.values(phases).flatMap((all) => all.map((name) => [name, methodOf(service, name)])));
export const deposit = methods.get("deposit");

/** The aggregate with its behaviour. `refuse(text)`: creates the error of a refusal. */
function createPart(refuse) {
  const decide = (phase, sign) => (balance, command) => {
    const { saga, step, element, amount, isRefused, isHard } = command;
    if (isRefused || isHard) throw refuse("the account refuses");
    if (balance + sign * amount < 0) throw refuse("the balance is too small");
    return [
      { kind: "event", name: "moved", definition: moved, data: { saga, step, element, phase, amount: sign * amount } },
    ];
  };
  const commands = [...methods].map(([name, method]) => {
    const respond = ({ step, element }) => ({ text: `${step} ${element}` });
    return [name, { method, id: ({ account }) => account, respond }];
  });
  return {
    kind: "decider",
    aggregate: {
      name: "Account",
      type: "account",
      events: { moved },
      errors: {},
      commands: () => Object.fromEntries(commands),
    },
    decider: {
      initial: () => firstBalance,
      decide: Object.fromEntries([
        ...phases.do.map((name) => [name, decide("do", 1)]),
        ...phases.undo.map((name) => [name, decide("undo", -1)]),
      ]),
      evolve: { moved: (balance, { amount }) => balance + amount },
    },
  };
}

/** Whether the command, or the compensation, of a step is one transaction with the saga's row: as `createApp` decides it. */
export function isLocal(step, phase) {
  if (step.kind !== "command" || step.forEach) return false;
  return (phase === "do" ? step.command : step.compensation)?.service === service;
}

/** The bus of one process, which carries out the commands of accounts. `events`: the store as this process reaches it. */
export function createAccountBus({ runtime, events, logger, clock }) {
  const part = createPart((text) => new runtime.PotterError("failed_precondition", text));
  const catalog = new runtime.EventCatalog();
  catalog.addDecider(part);
  const options = { events, outbox: false, clock, logger, background() {} };
  const handlers = runtime.createCommandHandlers(part, catalog, options);
  const byMethod = new Map([...methods].map(([name, method]) => [method, handlers.get(name)]));
  return runtime.createBus({ handlers: byMethod, clock, logger });
}
