// Runs the commands of sagas, and stores the start and the end of each.
export { defaultLease } from "./call-command.js";
export type { CommandAction } from "./command-host.js";
export { CommandRunner } from "./command-runner.js";
export { JoinedCommands } from "./joined-commands.js";
export { LocalSteps } from "./local-steps.js";
