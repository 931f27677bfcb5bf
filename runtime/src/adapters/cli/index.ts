// What the command `potter` does with a running service: looks at its events, copies and replays them, migrates its store.
// No framework of command lines, so that no installation for production carries one.
export { runCli } from "./run-cli.js";
