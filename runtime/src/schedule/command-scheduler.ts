import { retryDelay } from "../async/index.js";
import { type AnyMethod, type CallOptions, type Logger, tenantOf } from "../cqrs/index.js";
import { isPotterError, isTemporary, isUnimplemented, PotterError } from "../errors/index.js";
import { holdsPersonal, isErased, newId } from "../message/index.js";
import type { DueRow, RowStore } from "../store/ports/index.js";
import type { ScheduledCommand, ScheduleOptions, Schedules } from "./declaration.js";
import { type ScheduleHeader, type ScheduleTable, scheduleTableOf } from "./schedule-row.js";

/** How long a process may take to send a command before others send it too, in milliseconds. */
export const sendLease = 60_000;
/** Bounds of the wait before a command is sent again, in milliseconds. */
const backoff = { base: 500, cap: 300_000 };

export interface SchedulerDependencies {
  readonly rows: RowStore;
  readonly logger: Logger;
  send(method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown>;
  /** Returns why a request breaks a rule of the contract. */
  check(method: AnyMethod, request: unknown): PotterError | undefined;
  /** Makes the runner look for due rows at once. */
  wake(): void;
}

/** A method that may be scheduled. */
interface Entry {
  readonly method: AnyMethod;
  readonly table: ScheduleTable;
  readonly retries: number;
}

/** Commands that are sent once, at their time. */
export class CommandScheduler implements Omit<Schedules, "recurring"> {
  private readonly entries: readonly Entry[];
  private readonly dependencies: SchedulerDependencies;

  constructor(
    methods: readonly { readonly method: AnyMethod; readonly retries: number }[],
    dependencies: SchedulerDependencies,
  ) {
    this.entries = methods.map((entry) => ({ ...entry, table: scheduleTableOf(entry.method) }));
    this.dependencies = dependencies;
  }

  get tables(): readonly ScheduleTable[] {
    return this.entries.map(({ table }) => table);
  }

  async schedule(method: AnyMethod, given: unknown, options: ScheduleOptions): Promise<string> {
    const { rows, check, wake } = this.dependencies;
    const { table } = this.entryOf(method);
    const request = method.request.create(given as never);
    const error = check(method, request);
    if (error !== undefined) throw error;
    const { at: _, in: __, id = newId(), tenant: named = "", ...call } = options;
    if (id === "" || id.length > 200)
      throw new PotterError("invalid_argument", "the id of a command must have 1 to 200 characters");
    const tenant =
      method.tenant === undefined ? named : tenantOf(method.tenant(request), { tenant: named, tenants: undefined });
    const at = await this.timeOf(options, table);
    const values = { due: at, at, attempts: 0, claimed: false, error: "", text: JSON.stringify(call) };
    const bytes = method.request.encode(request);
    const isNew = await rows.transact(async (transaction) => {
      if ((await transaction.get(table.table, tenant, id)) !== undefined) return false;
      await transaction.put(table.table, tenant, id, table.toRow(values, bytes));
      return true;
    });
    if (isNew && holdsPersonal(method.request.schema)) await this.refuseErased(table, tenant, id, bytes);
    wake();
    return id;
  }

  async cancel(id: string, { tenant = "" }: Pick<ScheduleOptions, "tenant"> = {}): Promise<boolean> {
    return this.find((entry) =>
      this.dependencies.rows.transact(async (rows) => {
        const row = await rows.get(entry.table.table, tenant, id);
        // One that is being sent takes effect, also if the process that sends it has died.
        if (row === undefined || entry.table.headerOf(row).claimed) return false;
        await rows.delete(entry.table.table, tenant, id);
        return true;
      }),
    );
  }

  async retry(id: string, { tenant = "" }: Pick<ScheduleOptions, "tenant"> = {}): Promise<boolean> {
    const isFound = await this.find(async (entry) => {
      const { table } = entry;
      const changed = await this.change(entry, { tenant, key: id }, (row, { due }) =>
        due === 0 ? table.change(row, { due: 1, attempts: 0, error: "" }) : undefined,
      );
      return changed !== undefined && !isErased(changed);
    });
    this.dependencies.wake();
    return isFound;
  }

  async list({
    tenant = "",
    limit = 1000,
  }: {
    readonly tenant?: string;
    readonly limit?: number;
  } = {}): Promise<readonly ScheduledCommand[]> {
    const found: ScheduledCommand[] = [];
    for (const { method, table } of this.entries) {
      for (const { key, row } of await this.dependencies.rows.scan(table.table, tenant, { conditions: [], limit })) {
        const { due, at, attempts, error } = table.headerOf(row);
        found.push({
          id: key,
          method: `${method.service}.${method.name}`,
          tenant,
          at: new Date(at),
          attempts,
          next: due === 0 ? undefined : new Date(due),
          error: error === "" ? undefined : error,
        });
      }
    }
    return found;
  }

  /** Sends a command that is due, unless another process has begun to. false: it is not of this app. `now`: by the store's clock. */
  async fire(due: DueRow, now: number): Promise<boolean> {
    const entry = this.entries.find(({ table }) => table.table.name === due.table);
    if (entry === undefined) return false;
    await this.send(entry, due, now);
    return true;
  }

  private async send(entry: Entry, due: DueRow, now: number): Promise<void> {
    const { method, table, retries } = entry;
    const { tenant, key } = due;
    const claimed = await this.change(entry, due, (row, { due: at, attempts }) =>
      at === due.due ? table.change(row, { due: now + sendLease, attempts: attempts + 1, claimed: true }) : undefined,
    );
    if (claimed === undefined) return;
    const { attempts, text } = table.headerOf(claimed);
    const { logger, rows, send } = this.dependencies;
    if (isErased(claimed)) {
      logger.info("scheduled command was dropped, since its data subject was erased", { id: key });
      return;
    }
    try {
      const request = method.request.decode(table.requestOf(claimed));
      await send(method, request, { ...JSON.parse(text), tenant, commandId: `schedule:${key}` });
    } catch (error) {
      const isOver = attempts > retries && !isTemporary(error) && !isUnimplemented(error);
      const next = isOver ? 0 : now + Math.max(1, Math.ceil(retryDelay(attempts, backoff)));
      const fields = { method: `${method.service}.${method.name}`, id: key, attempts, error };
      if (isOver) logger.error("scheduled command has failed too often, it waits for a person", fields);
      else logger.warn("scheduled command has failed, will retry", fields);
      await this.change(entry, due, (row, values) =>
        values.attempts === attempts
          ? table.change(row, { due: next, claimed: false, error: nameOf(error) })
          : undefined,
      );
      return;
    }
    await rows.transact(async (transaction) => {
      const row = await transaction.get(table.table, tenant, key);
      // Fewer attempts: it was cancelled meanwhile, and another one has its id.
      if (row === undefined || table.headerOf(row).attempts < attempts) return;
      await transaction.delete(table.table, tenant, key);
    });
  }

  /**
   * Changes a row, if there is one and `next` returns another. Returns the changed row. Deletes the row of an erased data subject,
   * and returns it as it was: changed, it would not show any more that something is missing.
   */
  private change(
    { table }: Entry,
    { tenant, key }: Pick<DueRow, "tenant" | "key">,
    next: (row: unknown, header: ScheduleHeader) => unknown,
  ): Promise<unknown> {
    return this.dependencies.rows.transact(async (rows) => {
      const row = await rows.get(table.table, tenant, key);
      const changed = row === undefined ? undefined : next(row, table.headerOf(row));
      if (changed === undefined) return undefined;
      if (isErased(row)) {
        await rows.delete(table.table, tenant, key);
        return row;
      }
      await rows.put(table.table, tenant, key, changed);
      return changed;
    });
  }

  /** A row leaves out the personal fields of a subject that was erased before: then nothing is to be sent. */
  private async refuseErased(table: ScheduleTable, tenant: string, id: string, request: Uint8Array): Promise<void> {
    const { rows } = this.dependencies;
    const row = await rows.get(table.table, tenant, id);
    if (row === undefined || table.requestOf(row).length === request.length) return;
    await rows.transact((transaction) => transaction.delete(table.table, tenant, id));
    const message =
      "this subject was erased, so its personal data is not recorded: call app.readmitSubject(subject) first";
    throw new PotterError("failed_precondition", message);
  }

  private async timeOf({ at, in: delay }: ScheduleOptions, table: ScheduleTable): Promise<number> {
    if ((at === undefined) === (delay === undefined)) {
      throw new PotterError(
        "invalid_argument",
        "a command is scheduled either by { at: date } or by { in: milliseconds }",
      );
    }
    if (at !== undefined && Object.prototype.toString.call(at) !== "[object Date]") {
      throw new PotterError("invalid_argument", "`at` of a scheduled command must be a Date");
    }
    const time =
      at === undefined ? (await this.dependencies.rows.due([table.table], 1)).now + (delay ?? 0) : at.getTime();
    if (Number.isSafeInteger(time) && time > 0 && (delay ?? 0) >= 0) return time;
    throw new PotterError(
      "invalid_argument",
      "the time of a scheduled command must be a valid date or 0 or more milliseconds",
    );
  }

  private entryOf(method: AnyMethod): Entry {
    const entry = this.entries.find((one) => one.method === method);
    if (entry !== undefined) return entry;
    const message = `${method.service}.${method.name} cannot be scheduled: add it to scheduledCommands({ methods: […] })`;
    throw new PotterError("failed_precondition", message);
  }

  private async find(look: (entry: Entry) => Promise<boolean>): Promise<boolean> {
    for (const entry of this.entries) if (await look(entry)) return true;
    return false;
  }
}

/** What is stored of an error: not its message, which may quote the request. */
export function nameOf(error: unknown): string {
  if (isPotterError(error)) return error.code;
  return error instanceof Error ? error.name : `a thrown ${typeof error}`;
}
