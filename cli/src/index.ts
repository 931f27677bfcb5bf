// The command `potter`: its own commands, each in a folder, and those of the user's @potter/runtime/cli.
export { ignoreClosedOutput } from "./closed-output.js";
export { main } from "./main.js";
