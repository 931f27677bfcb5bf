// Commands that are sent later: scheduled ones, each a row that is due at its time, and recurring ones. Any process sends what is due.
export { CommandScheduler, type SchedulerDependencies } from "./command-scheduler.js";
export type {
  Occurrences,
  RecurringCommand,
  ScheduledCommand,
  ScheduledCommandsPart,
  ScheduleOptions,
  SchedulePart,
  ScheduleSettings,
  ScheduleStatus,
  Schedules,
} from "./declaration.js";
export { RecurringCommands, recurringTable } from "./recurring-commands.js";
export { checkSchedulable, type ScheduleTable, scheduleTableOf } from "./schedule-row.js";
export { ScheduleRunner } from "./schedule-runner.js";
