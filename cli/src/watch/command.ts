import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineHelp, intoOption, parseArguments, templateOption } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { openProject } from "../project/index.js";
import { createDebounce, systemTimers } from "./debounce.js";
import { createGitLock, createNotifier } from "./files/index.js";
import { watchLauncher } from "./launcher.js";
import { WatchLoop } from "./loop.js";
import { createOutput } from "./output.js";
import { createServer, type Server } from "./server.js";

/** The help of `potter watch`. */
export const help = defineHelp({
  usage: "potter watch [options] [-- command]",
  purpose:
    "Generates, as potter generate does, and again after each change of the contract and its configuration. While the contract has " +
    "errors, nothing is written. With a command, runs it, ends it before generated files change, and starts it after that, and after " +
    "changes of code below the folder of buf.gen.yaml.",
  options: {
    template: templateOption,
    scaffold: { kind: "toggle", off: "leave your own files as they are" },
    into: intoOption,
    ignore: {
      kind: "text",
      value: "<folder>",
      summary: "do not restart the command for code in this folder",
      many: true,
      completes: "folder",
    },
    poll: { kind: "flag", summary: "look at the files again and again, for mounts that send no events" },
    json: { kind: "flag", summary: "print a JSON object for each event, one a line" },
  },
  examples: [
    { name: "potter watch", summary: "keep generated code up to the contract" },
    { name: "potter watch -- node --import tsx src/main.ts", summary: "also run your service, and restart it" },
  ],
});

/** How long the command may take to end, in milliseconds. */
const grace = 10_000;
/** When files are looked at once more after the last event: an event may be lost while a new folder is not watched yet. */
const secondLook = 2000;

/** Runs `potter watch` until it is ended by a signal. Resolves to the exit code: 0; 1 if files cannot be watched. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { command, ...args } = await parse(argv);
  // Without a template there is nothing to wait for. An invalid one can be mended.
  if (!existsSync(resolve(folder, args.template))) openProject(folder, args.template);
  const print = createOutput(args.json);

  return new Promise<number>((done) => {
    let isEnding = false;
    const end = async (failure?: CliError): Promise<void> => {
      if (isEnding) return;
      isEnding = true;
      cancelLook();
      endLauncherWatch();
      debounce.cancel();
      await Promise.all([notifier.close(), loop.stop()]);
      for (const name of signals) process.off(name, onSignal);
      process.off("exit", onExit);
      process.stdout.off("error", onUnread);
      if (failure !== undefined)
        print({
          event: "failed",
          failure: { diagnostics: [], message: failure.message, text: `potter: ${failure.message}` },
        });
      print({ event: "ended" });
      done(failure?.exitCode ?? 0);
    };
    const onSignal = (): void => {
      // Who asks twice does not want to wait.
      if (isEnding) server?.kill();
      void end();
    };
    const onExit = (): void => server?.kill();
    // Such as a program that has started it among others, and was killed.
    const onUnread = ({ code }: NodeJS.ErrnoException): void => {
      if (code === "EPIPE") void end();
    };

    let cancelLook = (): void => {};
    const look = (): void => {
      cancelLook();
      loop.check();
      cancelLook = systemTimers.schedule(secondLook, () => loop.check());
    };
    const debounce = createDebounce(look, createGitLock(folder), systemTimers);
    const notifier = createNotifier({
      poll: args.poll,
      onEvent: () => debounce.note(),
      onError: (error, isFatal) => {
        if (isFatal) void end(error);
        else print({ event: "note", message: error.message });
      },
    });
    const server: Server | undefined =
      command &&
      createServer({ command, folder, grace, outputToErrors: args.json, onExit: (exit) => loop.reportExit(exit) });
    const loop = new WatchLoop({
      folder,
      choice: { template: args.template, sources: command !== undefined, ignored: args.ignore },
      scaffold: args.scaffold !== false ? { into: args.into, dryRun: false } : undefined,
      server,
      command: (command ?? []).join(" "),
      notifier,
      timers: systemTimers,
      print,
    });
    for (const name of signals) process.on(name, onSignal);
    process.on("exit", onExit);
    process.stdout.on("error", onUnread);
    const endLauncherWatch = watchLauncher(() => void end());
    loop.check();
  });
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function parse(argv: readonly string[]) {
  const at = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const [program, ...rest] = argv.slice(at + 1);
  if (at < argv.length && program === undefined)
    throw new CliError("a command must follow --: potter watch -- <command>", 2);
  const { values } = await parseArguments(argv.slice(0, at), help);
  const command: readonly [string, ...string[]] | undefined = program === undefined ? undefined : [program, ...rest];
  return { ...values, command };
}
