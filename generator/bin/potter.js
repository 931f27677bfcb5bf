#!/usr/bin/env node
import { main } from "../dist/cli/index.js";

process.exitCode = await main(process.argv.slice(2), process.cwd());
// What the user's own module has opened, such as a server, must not keep a finished command from ending.
setTimeout(() => process.exit(), 1000).unref();
