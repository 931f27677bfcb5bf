import type { Logger, Page } from "../../cqrs/index.js";
import { invalidPage, type PageTokens } from "../../paging/index.js";
import type { SagaEngine } from "../engine/index.js";
import { hasEnded, type SagaInstance, type SagaMessage, type SagaStatus } from "../machine/index.js";
import type { SagaKey } from "../transaction/index.js";
import { checkName, checkOptions } from "./check-input.js";
import { findProblems, type SagaProblem } from "./find-problems.js";
import { removedSaga, type SagaEnds } from "./saga-ends.js";
import { checkFilter, type SagaFilter, type SagaOwner, sagaStatuses, toConditions } from "./saga-filter.js";
import { type SagaStartOptions, toStart } from "./saga-start.js";
import { type SagaState, toState } from "./saga-state.js";

/** The most sagas of a page. */
const maxPageSize = 1_000;
const encoder = new TextEncoder();

/** What `start` did. */
export interface StartedSaga {
  /** The value of the data's id field. */
  readonly id: string;
  /** false: there was a saga with this id, which stays as it is. */
  readonly isNew: boolean;
}

/** Whether a demand had an effect. */
export interface SagaChange {
  /** Whether it had one. */
  readonly applied: boolean;
  /** Why not: `ended`, `pivoted`, `unchanged`, `not_running`, `unknown_step`, `unknown_saga`, `newer_version`. */
  readonly reason?: string;
}

/** The result of `verify`. */
export interface SagaReport {
  /** Sagas that have not ended. */
  readonly checked: number;
  /** What prevents them from going on. */
  readonly problems: readonly SagaProblem[];
}

/**
 * Starts, shows and controls the sagas of one definition. What only reads does not start the app. Rejects with a PotterError:
 * with `invalid_argument` for ids, filters and options that are none.
 */
export interface SagaControl<Data = unknown, Init = unknown> {
  /** Starts a saga. Idempotent: the id is in the data. Rejects with `invalid_argument` if it is empty. */
  start(data: Data | Init, options?: SagaStartOptions): Promise<StartedSaga>;
  /**
   * Starts a saga and waits until it has ended or is suspended, in whichever process. Of one that exists, waits for the end. Rejects
   * with the reason of the signal when that aborts: the saga continues.
   */
  run(
    data: Data | Init,
    options?: SagaStartOptions & { readonly signal?: AbortSignal | undefined },
  ): Promise<SagaState<Data>>;
  /** Returns a saga; undefined if there is none. */
  get(id: string, owner?: SagaOwner): Promise<SagaState<Data> | undefined>;
  /** Lists sagas, ordered by id. */
  list(filter?: SagaFilter): Promise<Page<SagaState<Data>>>;
  /**
   * Compares the journals of the sagas that have not ended with the definition of this app. Run it with the next release before
   * its deployment: it changes nothing.
   */
  verify(owner?: SagaOwner): Promise<SagaReport>;
  /** Counts sagas by status. */
  counts(owner?: SagaOwner): Promise<Readonly<Record<SagaStatus, number>>>;
  /**
   * Yields a saga now and after each change until the signal aborts. Begins with the first change if there is none. Ends when the saga
   * has ended and was removed; rejects with `not_found` if that was so soon that its end was not yielded.
   */
  watch(
    id: string,
    options?: SagaOwner & { readonly signal?: AbortSignal | undefined },
  ): AsyncIterable<SagaState<Data>>;
  /** Compensates a saga whose pivot is not done. */
  cancel(id: string, owner?: SagaOwner): Promise<SagaChange>;
  /** Begins no more steps, attempts and compensations until `resume`; commands under way end. */
  pause(id: string, owner?: SagaOwner): Promise<SagaChange>;
  /** Continues a paused or suspended saga. */
  resume(id: string, owner?: SagaOwner): Promise<SagaChange>;
  /** Repeats at once what waits for an attempt or a person: of one step, by its proto name, or of all. */
  retry(id: string, options?: SagaOwner & { readonly step?: string }): Promise<SagaChange>;
  /** Passes over a step that waits or is suspended: a person has done what it should do, or it need not be done. */
  skip(id: string, step: string, owner?: SagaOwner): Promise<SagaChange>;
}

/** What controls need of the app. */
export interface SagaControlHost {
  readonly tokens: PageTokens;
  readonly logger: Logger;
  /** Checks the tenant that a caller has named. */
  tenantOf(given: string | undefined): string;
  /** Runs work on the started app. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work that reads: the store is open, the app need not be started. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work that changes sagas: on the started app, or on one that was opened to leave what follows to other processes. */
  change<T>(work: () => Promise<T>): Promise<T>;
}

/** Reads watched rows. */
export interface SagaWatchers {
  /** Yields `undefined` when a row that was yielded is gone. */
  watch(tenant: string, key: string, signal: AbortSignal | undefined, deletions: true): AsyncIterable<unknown>;
}

export class DefaultSagaControl implements SagaControl {
  private readonly engine: SagaEngine;
  private readonly type: string;
  private readonly host: SagaControlHost;
  private readonly watchers: SagaWatchers;
  private readonly ends: SagaEnds;

  constructor(engine: SagaEngine, type: string, host: SagaControlHost, watchers: SagaWatchers, ends: SagaEnds) {
    this.engine = engine;
    this.type = type;
    this.host = host;
    this.watchers = watchers;
    this.ends = ends;
  }

  async start(data: unknown, options: SagaStartOptions = {}): Promise<StartedSaga> {
    const { key, start } = this.prepare(data, options);
    return { id: key.id, isNew: await this.host.use(start) };
  }

  async run(
    data: unknown,
    options: SagaStartOptions & { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<SagaState> {
    checkOptions(options, { signal: "signal" });
    const { key, start } = this.prepare(data, options);
    return this.host.use(async () =>
      this.toState(await this.ends.wait(key, start, () => this.engine.find(key), options.signal)),
    );
  }

  async get(id: string, owner: SagaOwner = {}): Promise<SagaState | undefined> {
    const key = this.key(id, owner);
    const found = await this.host.read(() => this.engine.find(key));
    return found && this.toState(found);
  }

  async list(filter: SagaFilter = {}): Promise<Page<SagaState>> {
    const { steps } = this.engine.need(this.type).definition;
    checkFilter(
      filter,
      Object.values(steps).map(({ name }) => name),
    );
    const { pageSize = 0, pageToken = "" } = filter;
    const tenant = this.host.tenantOf(filter.tenant);
    if (pageSize < 0) throw invalidPage("page_size", "must not be negative");
    const limit = pageSize === 0 ? 50 : Math.min(pageSize, maxPageSize);
    const conditions = toConditions(filter);
    // Read only if there are several pages: the first use of its secret stores it.
    const codec = () => this.host.read(async () => this.host.tokens.codec());
    const list = encoder.encode(JSON.stringify(["sagas", this.type, tenant, conditions]));
    const after = pageToken === "" ? undefined : (await codec()).open(list, pageToken);
    if (pageToken !== "" && after === undefined) throw invalidPage("page_token", "is not of this list");
    const { table } = this.engine.need(this.type);
    const scan = { conditions, limit: limit + 1, ...(after !== undefined && { after }) };
    const found = await this.host.read(() => this.engine.rows.scan(table.table, tenant, scan));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextPageToken = found.length > limit && last !== undefined ? (await codec()).seal(list, last.key) : "";
    return { items: items.map(({ row }) => this.toState(table.toInstance(row))), nextPageToken };
  }

  async verify(owner: SagaOwner = {}): Promise<SagaReport> {
    const { table, resolved } = this.engine.need(this.type);
    const tenant = this.tenantOf(owner);
    const conditions = toConditions({ status: ["running", "compensating", "suspended"] });
    const problems: SagaProblem[] = [];
    let checked = 0;
    for (let after: string | undefined; ; ) {
      const scan = { conditions, limit: maxPageSize, ...(after !== undefined && { after }) };
      const found = await this.host.read(() => this.engine.rows.scan(table.table, tenant, scan));
      checked += found.length;
      for (const { row } of found) problems.push(...findProblems(resolved, this.engine.sagas, table.toInstance(row)));
      after = found.at(-1)?.key;
      if (found.length < maxPageSize) return { checked, problems };
    }
  }

  async counts(owner: SagaOwner = {}): Promise<Readonly<Record<SagaStatus, number>>> {
    const { table } = this.engine.need(this.type);
    const tenant = this.tenantOf(owner);
    const counts = await Promise.all(
      sagaStatuses.map(async (status) => [
        status,
        await this.host.read(() =>
          this.engine.rows.count(table.table, tenant, [{ field: "status", op: "eq", value: status }]),
        ),
      ]),
    );
    return Object.fromEntries(counts) as Record<SagaStatus, number>;
  }

  async *watch(
    id: string,
    options: SagaOwner & { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncIterable<SagaState> {
    checkOptions(options, { signal: "signal" });
    const { tenant } = this.key(id, options);
    const { table } = this.engine.need(this.type);
    await this.host.read(async () => {});
    let isOver = false;
    for await (const row of this.watchers.watch(tenant, id, options.signal, true)) {
      if (row === undefined && isOver) return;
      if (row === undefined) throw removedSaga(id);
      const saga = table.toInstance(row);
      isOver = hasEnded(saga);
      yield this.toState(saga);
    }
  }

  cancel(id: string, owner?: SagaOwner): Promise<SagaChange> {
    return this.demand(id, owner, { kind: "cancel" });
  }

  pause(id: string, owner?: SagaOwner): Promise<SagaChange> {
    return this.demand(id, owner, { kind: "pause" });
  }

  resume(id: string, owner?: SagaOwner): Promise<SagaChange> {
    return this.demand(id, owner, { kind: "resume" });
  }

  async retry(id: string, options: SagaOwner & { readonly step?: string } = {}): Promise<SagaChange> {
    checkOptions(options, { step: "text" });
    const { step } = options;
    return this.demand(id, options, { kind: "retry", ...(step !== undefined && { step }) });
  }

  async skip(id: string, step: string, owner?: SagaOwner): Promise<SagaChange> {
    checkName("the step", step);
    return this.demand(id, owner, { kind: "skip", step });
  }

  private async demand(id: string, owner: SagaOwner = {}, message: SagaMessage): Promise<SagaChange> {
    const key = this.key(id, owner);
    const reason = await this.host.change(() => this.engine.demand(key, message));
    return reason === undefined ? { applied: true } : { applied: false, reason };
  }

  private key(id: string, owner: SagaOwner): SagaKey {
    checkName("the id of the saga", id);
    return { type: this.type, tenant: this.tenantOf(owner), id };
  }

  private tenantOf(owner: SagaOwner): string {
    checkOptions(owner, { tenant: "text" });
    return this.host.tenantOf(owner.tenant);
  }

  private prepare(init: unknown, options: SagaStartOptions) {
    const { id, data, origin } = toStart(this.engine.need(this.type).definition, init, options);
    const key = this.key(id, options);
    return { key, start: () => this.engine.startSaga(key, data, origin) };
  }

  private toState(saga: SagaInstance): SagaState {
    return toState(saga, this.engine.need(this.type).definition);
  }
}
