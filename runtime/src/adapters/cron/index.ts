// Cron expressions as times of recurring commands: `@potter/runtime/cron`.
export { type CronOptions, cron } from "./cron.js";
