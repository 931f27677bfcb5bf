#!/usr/bin/env node
import module from "node:module";

// From Node 22 on, the next start finds compiled code on the disk.
module.enableCompileCache?.();
const { ignoreClosedOutput, main } = await import("../dist/index.js");

ignoreClosedOutput();
process.exitCode = await main(process.argv.slice(2), process.cwd());
// Handles that the user's module has opened, such as a server, must not keep the process of a finished command alive.
setTimeout(() => process.exit(), 1000).unref();
