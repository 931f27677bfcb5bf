// Runs the commands of sagas, and stores the start and the end of each.
export type { CommandAction } from "./command-host.js";
export { CommandRunner, defaultLease } from "./command-runner.js";
export { JoinedCommands } from "./joined-commands.js";
export { LocalSteps } from "./local-steps.js";
