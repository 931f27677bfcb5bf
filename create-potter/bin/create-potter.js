#!/usr/bin/env node
// `npm create potter` is `potter init`: the command and the templates are in @potter/cli.
const cli = new URL("dist/index.js", import.meta.resolve("@potter/cli/package.json"));
const { ignoreClosedOutput, main } = await import(cli.href);

ignoreClosedOutput();
process.exitCode = await main(["init", ...process.argv.slice(2)], process.cwd());
