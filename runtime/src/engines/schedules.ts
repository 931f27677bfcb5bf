import { isRequestBound } from "../async/index.js";
import type { AnyMethod, Bus, CallOptions, Logger, Method } from "../cqrs/index.js";
import type { PotterError } from "../errors/index.js";
import { type AnyCodec, type Engine, holdsPersonal, type MessageTypes } from "../message/index.js";
import {
  CommandScheduler,
  checkSchedulable,
  type RecurringCommand,
  RecurringCommands,
  type ScheduledCommand,
  type ScheduledCommandsPart,
  type ScheduleOptions,
  type SchedulePart,
  ScheduleRunner,
  type ScheduleSettings,
  type ScheduleStatus,
  type Schedules,
  scheduleTableOf,
} from "../schedule/index.js";
import type { RowStore } from "../store/ports/index.js";
import type { AppAccess } from "./app-access.js";
import type { Part } from "./part.js";
import { personalData } from "./personal-data.js";

type CheckOf = (method: AnyMethod) => ((request: unknown) => PotterError | undefined) | undefined;

/** Sends commands later. */
export interface SchedulesEngine extends Engine<"schedules"> {
  /** Encrypts the personal fields of requests; undefined: these parts have none. */
  personalOf(parts: readonly Part[]): Engine<"personal data"> | undefined;
  /** The rows that these parts store. */
  codecsOf(parts: readonly Part[]): readonly AnyCodec[];
  /** Throws `invalid_argument` for a method that cannot be scheduled. */
  open(parts: readonly Part[], rows: RowStore, logger: Logger, access: AppAccess): Scheduling;
}

/** The scheduled commands of an app. */
export class Scheduling implements Schedules {
  private readonly commands: CommandScheduler;
  private readonly recurringCommands: RecurringCommands;
  private readonly runner: ScheduleRunner;
  private readonly access: AppAccess;
  private readonly logger: Logger;
  private bus: Bus | undefined;
  private checkOf: CheckOf = () => undefined;

  constructor(parts: readonly Part[], rows: RowStore, logger: Logger, access: AppAccess) {
    const dependencies = {
      rows,
      logger,
      send: async (method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown> =>
        this.bus?.send(method as Method<MessageTypes, MessageTypes, "unary">, request, options),
      check: (method: AnyMethod, request: unknown) => this.checkOf(method)?.(request),
      wake: () => this.runner.wake(),
    };
    const methods = parts.flatMap((part) =>
      part.kind === "scheduled commands" ? part.methods.map((method) => ({ method, retries: part.retries ?? 5 })) : [],
    );
    for (const { method } of methods) checkSchedulable(method);
    this.access = access;
    this.logger = logger;
    this.commands = new CommandScheduler(methods, dependencies);
    this.recurringCommands = new RecurringCommands(
      parts.filter((part) => part.kind === "schedule"),
      dependencies,
    );
    const { table } = this.recurringCommands.table;
    const tables = [...this.commands.tables.map((one) => one.table), table];
    this.runner = new ScheduleRunner(rows, tables, logger, (due, now) =>
      due.table === table.name ? this.recurringCommands.fire(due, now) : this.commands.fire(due, now),
    );
  }

  /** Begins to send what is due. `checkOf` returns what checks the requests of a method. */
  async start(bus: Bus, checkOf: CheckOf): Promise<void> {
    this.bus = bus;
    this.checkOf = checkOf;
    await this.recurringCommands.start();
    if (isRequestBound) {
      this.logger.warn(
        "no command is sent later by this platform, which halts between requests: run the app in a process",
      );
      return;
    }
    this.runner.start();
  }

  /** Resolves when the commands that are being sent have ended. */
  stop(): Promise<void> {
    return this.runner.stop();
  }

  schedule<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options: ScheduleOptions,
  ): Promise<string> {
    return this.access.use(() => this.commands.schedule(method as unknown as AnyMethod, request, options));
  }

  /** The same, for what runs within the app: also while it stops. */
  scheduleNow(method: AnyMethod, request: unknown, options: ScheduleOptions): Promise<string> {
    return this.commands.schedule(method, request, options);
  }

  cancel(id: string, options?: Pick<ScheduleOptions, "tenant">): Promise<boolean> {
    return this.access.change(() => this.commands.cancel(id, options));
  }

  retry(id: string, options?: Pick<ScheduleOptions, "tenant">): Promise<boolean> {
    return this.access.change(() => this.commands.retry(id, options));
  }

  list(options?: { readonly tenant?: string; readonly limit?: number }): Promise<readonly ScheduledCommand[]> {
    return this.access.read(() => this.commands.list(options));
  }

  recurring(): Promise<readonly ScheduleStatus[]> {
    return this.access.read(() => this.recurringCommands.status());
  }
}

const engine: SchedulesEngine = {
  name: "schedules",
  personalOf: (parts) =>
    methodsOf(parts).some(({ request }) => holdsPersonal(request.schema)) ? personalData : undefined,
  codecsOf: (parts) => methodsOf(parts).map((method) => scheduleTableOf(method).table.codec),
  open: (...needs) => new Scheduling(...needs),
};

function methodsOf(parts: readonly Part[]): readonly AnyMethod[] {
  return parts.flatMap((part) => (part.kind === "scheduled commands" ? part.methods : []));
}

/** Lists the commands that `app.schedules` may send later. */
export function scheduledCommands(
  declaration: ScheduleSettings & {
    /** The commands, each with one request and one response. */
    readonly methods: readonly Pick<AnyMethod, "service" | "name">[];
  },
): ScheduledCommandsPart {
  const methods = declaration.methods as readonly AnyMethod[];
  return { ...declaration, methods, kind: "scheduled commands", engine };
}

/** Declares a command that is sent again and again, such as every morning. */
export function schedule<Req extends MessageTypes>(declaration: RecurringCommand<Req>): SchedulePart {
  const { method, ...others } = declaration;
  const whole = { missed: "once" as const, tenant: "", ...others };
  return { ...whole, method: method as unknown as AnyMethod, kind: "schedule", engine };
}

/** All engines of this name are the one above. */
export function isSchedules(candidate: Engine): candidate is SchedulesEngine {
  return candidate.name === "schedules";
}
