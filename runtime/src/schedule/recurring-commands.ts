import { retryDelay } from "../async/index.js";
import { isTemporary, isUnimplemented, PotterError } from "../errors/index.js";
import type { DueRow } from "../store/ports/index.js";
import { nameOf, type SchedulerDependencies, sendLease } from "./command-scheduler.js";
import type { SchedulePart, ScheduleStatus } from "./declaration.js";
import { headerTable, type ScheduleHeader, type ScheduleTable } from "./schedule-row.js";

/** An occurrence that is later than this was missed, in milliseconds. */
const tolerance = 60_000;
const backoff = { base: 500, cap: 300_000 };

/** The rows of recurring commands. */
export const recurringTable: ScheduleTable = headerTable("schedules");

/** Commands that recur: one row each, which is due at the next occurrence. */
export class RecurringCommands {
  readonly table: ScheduleTable = recurringTable;
  private readonly parts: readonly SchedulePart[];
  private readonly dependencies: SchedulerDependencies;

  constructor(parts: readonly SchedulePart[], dependencies: SchedulerDependencies) {
    parts.forEach(check);
    this.parts = parts;
    this.dependencies = dependencies;
  }

  /** Adds the rows that are missing, and determines the next occurrence of those whose times have changed. */
  async start(): Promise<void> {
    if (this.parts.length === 0) return;
    const { now } = await this.dependencies.rows.due([this.table.table], 1);
    for (const part of this.parts) {
      await this.change(part, (values) => (values?.text === part.times.text ? undefined : this.after(part, now)));
    }
  }

  async status(): Promise<readonly ScheduleStatus[]> {
    const found: ScheduleStatus[] = [];
    for (const { name, tenant } of this.parts) {
      const row = await this.dependencies.rows.get(this.table.table, tenant, name);
      if (row === undefined) continue;
      const { at, attempts, error } = this.table.headerOf(row);
      found.push({ name, occurrence: at === 0 ? undefined : new Date(at), attempts, error: error || undefined });
    }
    return found;
  }

  /**
   * Sends the command of an occurrence that is due, unless another process has begun to. false: this app has no such command.
   * `now`: by the store's clock.
   */
  async fire({ key, tenant, due }: DueRow, now: number): Promise<boolean> {
    const part = this.parts.find((one) => one.name === key && one.tenant === tenant);
    if (part === undefined) return false;
    await this.send(part, due, now);
    return true;
  }

  private async send(part: SchedulePart, due: number, now: number): Promise<void> {
    const claimed = await this.change(part, (values) => {
      if (values?.due !== due) return undefined;
      const at = values.attempts === 0 ? this.occurrenceOf(part, values.at, now) : values.at;
      if (at === undefined) return { ...this.after(part, now), error: values.error };
      return { ...values, at, due: now + sendLease, attempts: values.attempts + 1, claimed: true };
    });
    if (claimed === undefined || claimed.attempts === 0) return;
    const { at, attempts } = claimed;
    const { logger, send } = this.dependencies;
    let error = "";
    try {
      const commandId = `schedule:${part.name}:${new Date(at).toISOString()}`;
      const request = part.method.request.create(part.request(new Date(at)) as never);
      await send(part.method, request, { commandId, tenant: part.tenant });
    } catch (failure) {
      error = nameOf(failure);
      const isOver = attempts > (part.retries ?? 5) && !isTemporary(failure) && !isUnimplemented(failure);
      const fields = { schedule: part.name, occurrence: new Date(at), attempts, error: failure };
      if (!isOver) {
        logger.warn("recurring command has failed, will retry", fields);
        const next = now + Math.max(1, Math.ceil(retryDelay(attempts, backoff)));
        await this.change(part, (values) =>
          values?.attempts === attempts ? { ...values, due: next, claimed: false, error } : undefined,
        );
        return;
      }
      logger.error("recurring command has failed too often, its occurrence is given up", fields);
    }
    await this.change(part, (values) => (values?.at === at ? { ...this.after(part, at), error } : undefined));
  }

  /** The occurrence to send when the one at `at` is due; undefined: none, since it was missed. */
  private occurrenceOf({ missed, times }: SchedulePart, at: number, now: number): number | undefined {
    if (now - at <= tolerance || missed === "all") return at;
    if (missed === "skip") return undefined;
    let last = at;
    // From near the end: there may be very many.
    for (let span = 1000; now - span > at; span *= 2) {
      const found = times.next(new Date(now - span))?.getTime();
      if (found === undefined || found > now) continue;
      last = found;
      break;
    }
    for (;;) {
      const next = times.next(new Date(last))?.getTime();
      if (next === undefined || next > now) return last;
      last = next;
    }
  }

  private after({ times }: SchedulePart, time: number): ScheduleHeader {
    const at = times.next(new Date(time))?.getTime() ?? 0;
    return { due: at, at, attempts: 0, claimed: false, error: "", text: times.text };
  }

  /** Changes the row of a schedule. Returns what it contains afterwards; undefined: it was not changed. */
  private change(
    { name, tenant }: SchedulePart,
    next: (values: ScheduleHeader | undefined) => ScheduleHeader | undefined,
  ): Promise<ScheduleHeader | undefined> {
    const { table } = this.table;
    return this.dependencies.rows.transact(async (rows) => {
      const row = await rows.get(table, tenant, name);
      const changed = next(row === undefined ? undefined : this.table.headerOf(row));
      if (changed === undefined) return undefined;
      await rows.put(table, tenant, name, this.table.toRow(changed, new Uint8Array()));
      return changed;
    });
  }
}

function check({ name, method, missed }: SchedulePart): void {
  const fail = (why: string): never => {
    throw new PotterError("invalid_argument", `the schedule ${name} ${why}`);
  };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
    fail("has an invalid name: expected 1 to 100 letters, digits, dots, underscores and dashes");
  }
  if (method.kind !== "command" || method.stream !== "unary")
    fail("sends no command with one request and one response");
  if (!["skip", "once", "all"].includes(missed)) fail(`has missed ${missed}: expected skip, once or all`);
}
