// Accounts as Potter has them: the event, and an app with a read model that follows it.
import { type App, createApp, type Store } from "@potter/runtime";
import { Account, AccountView, LedgerService } from "./gen/bench/ledger/v1/ledger_cqrs.js";

export { create, fromBinary, toBinary } from "@bufbuild/protobuf";
export { pglite } from "@potter/runtime/pglite";
export { postgres } from "@potter/runtime/postgres";
export { AccountView } from "./gen/bench/ledger/v1/ledger_cqrs.js";
export { AccountViewSchema, DepositedSchema } from "./gen/bench/ledger/v1/ledger_pb.js";
export const { deposit, touch } = LedgerService.methods;
export const { deposited } = Account.definition.events;

export const account = Account.decider({
  initial: () => ({ total: 0n }),
  decide: {
    deposit: (_state, command, ctx) =>
      Account.event.deposited({ ...command, accountId: ctx.id, bookedAt: ctx.timestamp() }),
    touch: () => [],
  },
  evolve: {
    deposited: (state, event) => ({ total: state.total + event.amount }),
  },
  reply: { touch: (state) => ({ total: state.total }) },
});

/** `views`: how the read model of accounts is kept; without it there is none. */
export function createLedgerApp(store: Store, views?: "inline" | "async"): App {
  const projection =
    views &&
    AccountView.projection({
      mode: views,
      on: {
        deposited: async (event, rows) => {
          const row = await rows.get(event.accountId);
          rows.upsert({
            accountId: event.accountId,
            total: (row?.total ?? 0n) + event.amount,
            deposits: (row?.deposits ?? 0) + 1,
          });
        },
      },
    });
  return createApp({ store, parts: projection ? [account, projection] : [account] });
}
