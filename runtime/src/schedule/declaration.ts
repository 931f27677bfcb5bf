import type { AnyMethod, CallOptions, Method } from "../cqrs/index.js";
import type { Engine, MessageTypes } from "../message/index.js";

/** When a command is to be sent, and for whom. */
export interface ScheduleOptions
  extends Pick<CallOptions, "tenant" | "user" | "correlationId" | "causationId" | "metadata"> {
  /** The time at which it is due, by the clock of the store. */
  readonly at?: Date;
  /** Instead of `at`: milliseconds from now, by the clock of the store. */
  readonly in?: number;
  /** Its id, unique in its tenant. Scheduling under an id that is pending changes nothing. Default: a new id. */
  readonly id?: string;
}

/** A command that was scheduled and has not succeeded yet. */
export interface ScheduledCommand {
  /** Its id, unique in its tenant. */
  readonly id: string;
  /** Full name of its method: `shop.orders.v1.OrderService.CancelOrder`. */
  readonly method: string;
  /** The tenant of the command. */
  readonly tenant: string;
  /** When it is or was due. */
  readonly at: Date;
  /** How often it was sent and failed, or has not ended yet. */
  readonly attempts: number;
  /** When it is sent next. undefined: it has failed too often, and waits for a person. */
  readonly next: Date | undefined;
  /** Code or name of the last error. undefined: none. */
  readonly error: string | undefined;
}

/** The scheduled commands of an app. */
export interface Schedules {
  /**
   * Stores a command that is sent at its time, by any process of the app. Resolves with its id when it is stored. Rejects with
   * `invalid_argument` for a request that breaks a rule, and with `failed_precondition` for a method that the parts do not list.
   */
  schedule<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary", "command">,
    request: Req["init"] | Req["message"],
    options: ScheduleOptions,
  ): Promise<string>;
  /**
   * Cancels a command. false: there is none, or it was sent, or is being sent and takes effect. One that has failed can be cancelled
   * until it is sent again.
   */
  cancel(id: string, options?: Pick<ScheduleOptions, "tenant">): Promise<boolean>;
  /** Makes a command that has failed due now, with all of its attempts. false: there is none. */
  retry(id: string, options?: Pick<ScheduleOptions, "tenant">): Promise<boolean>;
  /** The pending and failed commands of a tenant, by method and id. `limit`: of each method, 1000 by default. */
  list(options?: Pick<ScheduleOptions, "tenant"> & { readonly limit?: number }): Promise<readonly ScheduledCommand[]>;
  /** The recurring commands of the app, as the store has them. */
  recurring(): Promise<readonly ScheduleStatus[]>;
}

/** The times at which a command recurs, such as those of a cron expression. */
export interface Occurrences {
  /** Describes it: when it changes, the next occurrence is determined again. */
  readonly text: string;
  /** The first occurrence after a time; undefined: there is none. */
  next(after: Date): Date | undefined;
}

/** How failed attempts of a scheduled command are repeated. */
export interface ScheduleSettings {
  /**
   * How often a command that has failed is sent again, after growing pauses. Default 5. Temporary failures, such as `unavailable`,
   * are repeated until the command succeeds.
   */
  readonly retries?: number;
}

/** Lists the methods that may be scheduled, for `createApp({ parts })`. */
export interface ScheduledCommandsPart extends ScheduleSettings {
  /** Distinguishes the parts of an app. */
  readonly kind: "scheduled commands";
  /** The commands that may be scheduled. */
  readonly methods: readonly AnyMethod[];
  /** Sends them. */
  readonly engine: Engine<"schedules">;
}

/** Declares a command that recurs. */
export interface RecurringCommand<Req extends MessageTypes = MessageTypes> extends ScheduleSettings {
  /** Its name, unique in a store: letters, digits, `.`, `_` and `-`, at most 100. */
  readonly name: string;
  /** When it recurs: `cron("0 9 * * 1-5", { timeZone: "Europe/Berlin" })` of `@potter/runtime/cron`, or times of your own. */
  readonly times: Occurrences;
  /** The command to send. */
  readonly method: Method<Req, MessageTypes, "unary", "command">;
  /** Its request. It must follow from the occurrence: it runs again when the command is repeated. */
  readonly request: (occurrence: Date) => Req["init"] | Req["message"];
  /**
   * What to do with occurrences that are more than a minute late, since no process ran or the one before took long. `once`
   * (default): send one command for the last of them. `skip`: send none. `all`: send all, one after the other.
   */
  readonly missed?: "skip" | "once" | "all";
  /** The tenant of the command. Default: none. */
  readonly tenant?: string;
}

/** A declared recurring command, for `createApp({ parts })`. */
export interface SchedulePart extends ScheduleSettings {
  /** Distinguishes the parts of an app. */
  readonly kind: "schedule";
  /** Its name. */
  readonly name: string;
  /** When it recurs. */
  readonly times: Occurrences;
  /** The command to send. */
  readonly method: AnyMethod;
  /** Its request. */
  readonly request: (occurrence: Date) => unknown;
  /** What to do with late occurrences. */
  readonly missed: "skip" | "once" | "all";
  /** The tenant of the command. */
  readonly tenant: string;
  /** Sends it. */
  readonly engine: Engine<"schedules">;
}

/** The state of a recurring command. */
export interface ScheduleStatus {
  /** Its name. */
  readonly name: string;
  /** The occurrence that is sent next, or is being sent. undefined: none follows. */
  readonly occurrence: Date | undefined;
  /** How often the command of this occurrence has failed. */
  readonly attempts: number;
  /** Code or name of the last error. undefined: none since the last success. */
  readonly error: string | undefined;
}
