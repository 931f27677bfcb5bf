import {
  type App,
  type Clock,
  type Code,
  createApp,
  memory,
  PotterError,
  type RecordedEvent,
  rest,
  withStreamItemId,
} from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import type { Transport } from "@potter/runtime/transport";
import { graphqlContract } from "./gen/schema_graphql.js";
import { Account, AccountService, AccountView, TrialService } from "./gen/trial/v1/trial_cqrs.js";

/** The app that every surface serves, with what a test must know about it. */
export interface Trial {
  readonly app: App;
  /** How many handlers wait for the end of their call. */
  readonly hanging: { count: number; aborted: number };
  /** The events recorded so far, as far as they must be equal over all surfaces. */
  events(): Promise<readonly unknown[]>;
}

/** Creates the app with a clock of its own, so that all apps see the same times and ids. */
export function createTrial(transports: readonly Transport[]): Trial {
  const hanging = { count: 0, aborted: 0 };
  const store = memory();
  const app = createApp({
    store,
    clock: countingClock(),
    // So that every app reads the tokens of every other one.
    pageTokens: { secret: "the secret of page tokens of a test" },
    parts: [account, accountViews, accountQueries, commands, queries(hanging)],
    transports: [...transports, rest(), graphql({ modules: [graphqlContract] })],
  });
  return {
    app,
    hanging,
    events: async () => (await store.events.readAll(0, 1_000_000)).events.map((event) => comparable(app, event)),
  };
}

function comparable(app: App, event: RecordedEvent): unknown {
  return [event.stream.id, event.version, event.type, app.decodeEvent(event)?.toJson()];
}

function countingClock(): Clock {
  let time = Date.UTC(2020, 0);
  let id = 0;
  return {
    now: () => new Date(++time),
    newId: () => `00000000-0000-7000-8000-${String(++id).padStart(12, "0")}`,
  };
}

const account = Account.decider({
  initial: () => ({ owner: "", balance: 0n, isOpen: false }),
  decide: {
    openAccount: (state, { owner }, ctx) =>
      state.isOpen
        ? Account.reject.accountExists({ accountId: ctx.id })
        : Account.event.accountOpened({ accountId: ctx.id, owner }),
    deposit: (_state, { amount }, ctx) => Account.event.deposited({ accountId: ctx.id, amount }),
    withdraw: (state, { amount }, ctx) =>
      amount > state.balance
        ? Account.reject.overdrawn({ accountId: ctx.id, missing: amount - state.balance })
        : Account.event.withdrawn({ accountId: ctx.id, amount }),
  },
  evolve: {
    accountOpened: (_state, { owner }) => ({ owner, balance: 0n, isOpen: true }),
    deposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    withdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
  },
  reply: {
    openAccount: (_state, _command, ctx) => ({ accountId: ctx.id }),
    deposit: ({ balance }) => ({ balance }),
    withdraw: ({ balance }) => ({ balance }),
  },
});

const accountViews = AccountView.projection({
  mode: "inline",
  on: {
    accountOpened: ({ accountId, owner }, rows) => rows.upsert({ accountId, owner }),
    deposited: async ({ accountId, amount }, rows) => {
      const row = await rows.get(accountId);
      await rows.update(accountId, { balance: (row?.balance ?? 0n) + amount });
    },
    withdrawn: async ({ accountId, amount }, rows) => {
      const row = await rows.get(accountId);
      await rows.update(accountId, { balance: (row?.balance ?? 0n) - amount });
    },
  },
});

const accountQueries = AccountService.queries({
  getAccount: ({ accountId }, { views }) => views.accountView.get(accountId),
  listAccounts: async (query, { views }) => {
    const page = await views.accountView.page(query);
    return { accounts: page.items, nextPageToken: page.nextPageToken };
  },
});

const commands = TrialService.commands({
  echo: (message) => message,
  fail: ({ how, message }) => {
    if (how === "declared") return TrialService.reject.refused({ reason: message, inner: { name: "inner", size: 5n } });
    if (how === "thrown") throw new Error(message);
    if (how === "confidential") throw new PotterError("unavailable", message, { confidential: true });
    if (how === "retry") throw new PotterError("unavailable", message, { retryAfter: 3_000 });
    throw new PotterError(how as Code, message);
  },
  sum: async (items) => {
    let [total, count] = [0, 0];
    for await (const { number } of items) {
      total += number;
      count++;
    }
    return { total, count };
  },
});

const queries = (hanging: Trial["hanging"]) =>
  TrialService.queries({
    ask: (question) => question,
    hang: (_query, { signal }) => {
      hanging.count++;
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          hanging.count--;
          hanging.aborted++;
          reject(signal.reason);
        });
      });
    },
    count: async function* ({ from, to, failAt }, { lastEventId }) {
      const first = lastEventId === undefined ? from : Number(lastEventId) + 1;
      for (let number = first; number <= to; number++) {
        if (failAt !== 0 && number === failAt) throw new PotterError("data_loss", "a number is missing");
        yield withStreamItemId({ number }, String(number));
      }
    },
    double: async function* (items) {
      for await (const { number } of items) yield { number: 2 * number };
    },
  });
