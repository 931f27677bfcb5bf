// The sagas of the simulation, as the generator would print them: transfers between accounts.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON in a text of protobuf. */
export const codec = {
  typeName: "google.protobuf.StringValue",
  schema: StringValueSchema,
  create: (message) => message,
  encode: (message) => encoder.encode(JSON.stringify(message)),
  decode: (bytes) => (bytes.length === 0 ? {} : JSON.parse(decoder.decode(bytes))),
  toJson: (message) => message,
  toJsonText: (message) => JSON.stringify(message),
  fromJson: (message) => message,
};

export const approved = { type: "sim.Approved", version: 1, codec };
const methods = new Map();

/** The method of the bank with this name. */
export function method(name) {
  if (!methods.has(name)) {
    methods.set(name, {
      service: "sim.Bank",
      name,
      kind: "command",
      stream: "unary",
      request: codec,
      response: codec,
      http: [],
      errors: {},
    });
  }
  return methods.get(name);
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

const transferBehaviour = {
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
      ({ from }) => from,
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
  settle: moves("settle", nobody, nothing),
  credit: {
    commands: (data) =>
      data.to.map((account, i) =>
        request(data, "credit", i, account, i > 0 ? data.amount : data.amount + (data.amount > 5 ? 1 : 0)),
      ),
    response: (data, { text }) => log(data, text),
  },
};

/**
 * Transfers: two debits at once, an audit by a child saga, a wait for time and for an event, and credits once the transfer is final.
 */
export function declareSagas({ hold, approval, debit, deadline, retry } = times) {
  const command = (name, after, own = {}) => ({
    kind: "command",
    name,
    after,
    command: method(name),
    compensation: method(`undo_${name}`),
    retry,
    ...own,
  });
  const audit = declare("sim.Audit", [command("open", []), command("close", ["open"])], auditBehaviour);
  const once = { maxAttempts: 1, initialDelay: 0, maxDelay: 0 };
  const transfer = declare(
    "sim.Transfer",
    [
      command("debit", [], { timeout: debit }),
      command("debit_other", []),
      command("fee", ["debit"], { when: true }),
      { kind: "timer", name: "hold", after: ["debit", "debit_other"], delay: hold },
      command("seal", ["hold"]),
      { kind: "saga", name: "audit", after: ["debit"], saga: () => audit.saga, retry: once },
      {
        kind: "event",
        name: "approve",
        after: ["fee"],
        event: approved,
        eventKey: ({ id }) => id,
        timeout: approval,
      },
      command("settle", ["seal", "audit", "approve", "fee"], { compensation: undefined, pivot: true }),
      command("credit", ["settle"], { compensation: undefined, forEach: true }),
    ],
    transferBehaviour,
    { deadline },
  );
  return [transfer, audit];
}

export const sagas = declareSagas();
