// The command `potter`: the only module with console and process. Commands for services are those of @potter/runtime/cli.
export { main } from "./main.js";
