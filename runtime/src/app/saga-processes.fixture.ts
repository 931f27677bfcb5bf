import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, Deposited, deposit, open } from "../aggregate/account.fixture.js";
import type { AnyMethod, Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventDefinition } from "../message/index.js";
import type { EventStepDefinition, SagaPart } from "../saga/declaration/index.js";
import type { SagaCall, SagaOptions, SagaState } from "../saga/index.js";
import { type Book, event, type Trip } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { RowStore, Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";

/** A step that waits for a deposit whose amount is the id of the saga. */
export function paid(name: string, own: Partial<Omit<EventStepDefinition, "kind" | "name">> = {}): EventStepDefinition {
  const eventKey = ({ value }: { readonly value: number }) => String(value);
  return event(name, {
    event: Deposited as EventDefinition,
    eventKey: eventKey as never,
    timeout: 600_000,
    ...own,
  });
}

/** What such a step adds to the data. */
export const addPaid = {
  event: (data: Trip, { value }: { readonly value: number }) => ({ ...data, log: [...data.log, `paid ${value}`] }),
};

/** Services that sagas call and that belong to no app, such as those of another company. */
export class Outside {
  /** What was called, as `hotel`. */
  readonly log: string[] = [];
  readonly commandIds: string[] = [];
  /** By what is called. Default: it succeeds. */
  readonly behaviour = new Map<string, (id: string) => unknown>();
  private readonly held = new Map<string, (() => void)[]>();

  readonly call = async (_method: AnyMethod, request: unknown, { commandId }: SagaCall): Promise<unknown> => {
    const { what, id } = request as Book;
    this.log.push(what);
    this.commandIds.push(commandId);
    await this.behaviour.get(what)?.(id);
    return { text: what };
  };

  /** From now on, calls of this kind wait until they are released. */
  hold(what: string): void {
    const held: (() => void)[] = [];
    this.held.set(what, held);
    this.behaviour.set(what, () => new Promise<void>((resolve) => held.push(resolve)));
  }

  release(what: string): void {
    this.behaviour.delete(what);
    for (const resolve of this.held.get(what) ?? []) resolve();
  }

  refuse(what: string): void {
    this.behaviour.set(what, () => {
      throw new PotterError("failed_precondition", "no");
    });
  }
}

export interface OpenedProcess {
  readonly outside?: Outside;
  readonly options?: SagaOptions;
  readonly rows?: RowStore;
  readonly logger?: Logger;
}

/** Processes of one service, which share a store. */
export interface SagaProcesses {
  readonly store: Store;
  /** The name of the saga of this test. */
  readonly name: string;
  readonly outside: Outside;
  open(part: SagaPart | readonly SagaPart[], given?: OpenedProcess): App;
  stateOf(app: App, id: string): Promise<SagaState<Trip> | undefined>;
  status(app: App, id: string): ReturnType<typeof expect.poll>;
  /** Records the event that `paid` waits for. */
  pay(app: App, id: string, account?: string): Promise<void>;
}

/** Runs tests on each store that needs no server. A saga has a name of its own for each test, since they share the store. */
export function describeSagas(title: string, tests: (given: () => SagaProcesses) => void): void {
  describe.each(Object.entries({ memory, pglite: () => pglite() }))(`${title}, on %s`, (_, openStore) => {
    let store: Store;
    let processes: SagaProcesses;
    let count = 0;
    const apps: App[] = [];

    beforeAll(async () => {
      store = openStore();
      await store.start();
      const app = createApp({ parts: [createAccount()], store: sharedOf(store) });
      for (const value of ["a", "b"]) await app.send(open, { value });
      await app.stop();
    });
    beforeEach(() => {
      processes = create(store, `trips.v1.Trip${++count}`, apps);
    });
    afterEach(async () => {
      await Promise.all(apps.splice(0).map((app) => app.stop()));
    });
    afterAll(() => store.stop());
    tests(() => processes);
  });
}

function create(store: Store, name: string, apps: App[]): SagaProcesses {
  const outside = new Outside();
  const stateOf = async (app: App, id: string) => (await app.saga(name).get(id)) as SagaState<Trip> | undefined;
  return {
    store,
    name,
    outside,
    stateOf,
    open(part, { options, rows, logger, outside: other = outside } = {}) {
      const app = createApp({
        parts: [createAccount(), ...[part].flat()] as never,
        store: sharedOf(store, rows),
        sagas: { call: other.call, pollInterval: 50, ...options },
        ...(logger && { logger }),
      });
      apps.push(app);
      return app;
    },
    status: (app, id) => expect.poll(async () => (await stateOf(app, id))?.status, { interval: 10 }),
    async pay(app, id, account = "a") {
      await app.send(deposit, { value: `${account}:${id}` });
    },
  };
}

function sharedOf({ name, events, rows, projections, keys }: Store, others: RowStore = rows): Store {
  const nothing = async () => {};
  return { name, events, rows: others, projections, ...(keys && { keys }), start: nothing, stop: nothing };
}

/** Rows that can be cut off, as by a network: calls fail until `mend`. */
export class Partition {
  readonly rows: RowStore;
  /** How many transactions fail from now on. */
  failures = 0;
  private isCut = false;

  constructor(rows: RowStore) {
    const check = <Args extends readonly unknown[], T>(call: (...args: Args) => Promise<T>) => {
      return async (...args: Args): Promise<T> => {
        if (this.isCut) throw new PotterError("unavailable", "the store is away");
        return call(...args);
      };
    };
    this.rows = {
      get: check((...given) => rows.get(...given)),
      scan: check((...given) => rows.scan(...given)),
      count: check((...given) => rows.count(...given)),
      due: check((...given) => rows.due(...given)),
      transact: check((apply) => {
        if (this.failures-- > 0) throw new PotterError("unavailable", "the store is away");
        return rows.transact(apply);
      }) as RowStore["transact"],
    };
  }

  cut(): void {
    this.isCut = true;
  }

  mend(): void {
    this.isCut = false;
  }
}
