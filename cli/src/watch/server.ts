import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { pathOf } from "../buf/index.js";
import { npmProgram } from "../npm-program.js";
import { guardGroup } from "./guard.js";

/** How a process has ended. */
export interface Exit {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly error?: string;
}

/** The user's command, which runs at most once at a time. */
export interface Server {
  readonly isRunning: boolean;
  /** Starts it. Returns its process id; undefined: it cannot be started, which `onExit` reports. */
  start(): number | undefined;
  /** Ends it with all processes that it has started: asks them first, and kills them after the grace period. */
  stop(): Promise<void>;
  /** Kills it at once. */
  kill(): void;
}

/** How a command is run. */
export interface ServerOptions {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  /** How long it may take to end after SIGTERM, in milliseconds. */
  readonly grace: number;
  /** Whether its standard output goes to standard error, because standard output has events. */
  readonly outputToErrors: boolean;
  /** It has ended without being asked to. */
  readonly onExit: (exit: Exit) => void;
}

/** Creates the server of a command. Starts nothing. */
export function createServer(options: ServerOptions): Server {
  const { command, folder, grace, outputToErrors, onExit } = options;
  let running:
    | { readonly child: ChildProcess; readonly ended: Promise<void>; readonly endGuard: () => void }
    | undefined;
  let ending: ChildProcess | undefined;

  const start = (): number | undefined => {
    const { program, args, shell } = npmProgram(command);
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, PATH: pathOf(folder) },
      stdio: ["ignore", outputToErrors ? 2 : "inherit", "inherit"],
      // A group of its own, so that a signal reaches what npm and shells start, and not twice.
      detached: process.platform !== "win32",
      shell,
    });
    const endGuard = child.pid === undefined ? () => {} : guardGroup(child.pid, grace);
    const own = { child, ended: endOf(child), endGuard };
    running = own;
    const end = (exit: Exit): void => {
      if (running !== own) return;
      running = undefined;
      // What it has started would keep its ports.
      signal(child, "SIGKILL");
      endGuard();
      onExit(exit);
    };
    child.once("error", ({ message }) => end({ code: null, signal: null, error: message }));
    child.once("exit", (code, ended) => end({ code, signal: ended }));
    return child.pid;
  };

  const stop = async (): Promise<void> => {
    const own = running;
    if (own === undefined) return;
    running = undefined;
    const { child, ended, endGuard } = own;
    ending = child;
    signal(child, "SIGTERM");
    const deadline = performance.now() + grace;
    const late = new AbortController();
    await Promise.race([ended, wait(grace, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    while (isGroupRunning(child) && performance.now() < deadline) await wait(20);
    signal(child, "SIGKILL");
    await ended;
    endGuard();
    ending = undefined;
  };

  return {
    get isRunning() {
      return running !== undefined;
    },
    start,
    stop,
    kill: () => {
      const child = running?.child ?? ending;
      if (child !== undefined) signal(child, "SIGKILL");
    },
  };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
}

/** Sends a signal to a process and all that it has started. */
function signal({ pid }: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" }).once("error", () => {});
    return;
  }
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}

function isGroupRunning({ pid }: ChildProcess): boolean {
  if (pid === undefined || process.platform === "win32") return false;
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
