import { type Int32Value, Int32ValueSchema, type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { defineAggregate, defineError, defineEvent } from "../codegen/index.js";
import type { Method } from "../cqrs/index.js";
import { type Es, type EventDefinition, es } from "../message/index.js";
import type { Aggregate, DeciderPart } from "./declaration/index.js";

// A small account, written by hand as the generator prints one. Messages are well-known types: the owner or
// the id is a StringValue, an amount an Int32Value; commands carry "id:amount".

type Text = Es<typeof StringValueSchema>;
type Amount = Es<typeof Int32ValueSchema>;

function method(name: string): Method<Text, Amount, "unary", "command"> {
  return {
    service: "test.v1.AccountService",
    name,
    kind: "command",
    stream: "unary",
    request: es(StringValueSchema),
    response: es(Int32ValueSchema),
    http: [],
    errors: {},
  };
}

export const open: Method<Text, Amount, "unary", "command"> = method("Open");
export const deposit: Method<Text, Amount, "unary", "command"> = method("Deposit");
export const withdraw: Method<Text, Amount, "unary", "command"> = method("Withdraw");

export const Opened: EventDefinition<Text> = defineEvent<Text>({
  type: "account.opened",
  version: 1,
  codec: es(StringValueSchema),
});
export const Deposited: EventDefinition<Amount> = defineEvent<Amount>({
  type: "account.deposited",
  version: 2,
  codec: es(Int32ValueSchema),
});
/** As deposits were recorded before: a number in a text. */
export const DepositedV1: EventDefinition<Text> = defineEvent<Text>({
  type: "account.deposited",
  version: 1,
  codec: es(StringValueSchema),
});
export const Withdrawn: EventDefinition<Amount> = defineEvent<Amount>({
  type: "account.withdrawn",
  version: 1,
  codec: es(Int32ValueSchema),
});
const Overdrawn = defineError<Amount>({ code: "failed_precondition", codec: es(Int32ValueSchema) });

export interface AccountTypes {
  readonly commands: {
    readonly open: {
      readonly method: typeof open;
      readonly emits: "opened";
      readonly failsWith: never;
      readonly reply: "derived";
    };
    readonly deposit: {
      readonly method: typeof deposit;
      readonly emits: "deposited";
      readonly failsWith: never;
      readonly reply: "written";
    };
    readonly withdraw: {
      readonly method: typeof withdraw;
      readonly emits: "withdrawn";
      readonly failsWith: "overdrawn";
      readonly reply: "written";
    };
  };
  readonly events: { readonly opened: Text; readonly deposited: Amount; readonly withdrawn: Amount };
  readonly errors: { readonly overdrawn: Amount };
  readonly upcasts: { readonly depositedV1: { readonly from: Text; readonly to: Amount } };
  readonly snapshots: true;
}

const idOf = (request: StringValue): string => request.value.split(":")[0] ?? "";
const amountOf = (request: StringValue): number => Number(request.value.split(":")[1] ?? 0);

export const Account: Aggregate<AccountTypes> = defineAggregate<AccountTypes>({
  name: "Account",
  type: "account",
  snapshotEvery: 3,
  commands: () => ({
    open: { method: open, id: idOf, creates: true, respond: () => ({ value: 0 }) },
    deposit: { method: deposit, id: idOf, creates: false },
    withdraw: { method: withdraw, id: idOf, creates: false },
  }),
  events: { opened: Opened, deposited: Deposited, withdrawn: Withdrawn },
  errors: { overdrawn: Overdrawn },
  upcasts: { depositedV1: { from: DepositedV1, to: "deposited" } },
});

/** How often each function of the decider ran. */
export interface Calls {
  decide: number;
  evolve: number;
}

export function createAccount(calls: Calls = { decide: 0, evolve: 0 }): DeciderPart<number, AccountTypes> {
  const evolved = (balance: number): number => {
    calls.evolve++;
    return balance;
  };
  return Account.decider<number>({
    initial: () => 0,
    decide: {
      open: () => {
        calls.decide++;
        return Account.event.opened({ value: "somebody" });
      },
      deposit: (_balance, command) => {
        calls.decide++;
        return amountOf(command) === 0 ? [] : Account.event.deposited({ value: amountOf(command) });
      },
      withdraw: (balance, command) => {
        calls.decide++;
        const amount = amountOf(command);
        return balance < amount
          ? Account.reject.overdrawn({ value: amount - balance })
          : [Account.event.withdrawn({ value: amount })];
      },
    },
    evolve: {
      opened: (balance) => evolved(balance),
      deposited: (balance, event: Int32Value) => evolved(balance + event.value),
      withdrawn: (balance, event: Int32Value) => evolved(balance - event.value),
    },
    reply: { deposit: (balance) => ({ value: balance }), withdraw: (balance) => ({ value: balance }) },
    upcast: { depositedV1: (event) => ({ value: Number(event.value) }) },
    snapshot: {
      version: 1,
      encode: (balance) => new TextEncoder().encode(String(balance)),
      decode: (bytes) => Number(new TextDecoder().decode(bytes)),
    },
  });
}
