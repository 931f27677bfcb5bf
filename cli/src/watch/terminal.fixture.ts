import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { eventually } from "./scenario.fixture.js";

/** Whether this machine has the program that gives commands a terminal. Without it, prints what is not tested. */
export function hasTerminals(): boolean {
  const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  if (stdout?.includes("util-linux")) return true;
  process.stderr.write("*** SKIPPED: potter watch in a terminal, which needs the program script of util-linux\n");
  return false;
}

/** A command that runs in a pseudo-terminal. */
export interface Terminal {
  /** All that it has shown, with line feeds only. */
  readonly text: string;
  /** Waits until text that was not waited for yet matches a pattern. Returns the match. */
  next(pattern: RegExp): Promise<RegExpExecArray>;
  /** Presses keys. */
  type(keys: string): void;
  readonly closed: Promise<unknown>;
  kill(): void;
}

/** Runs a command line in a pseudo-terminal, below a shell, as a user types it. */
export function openTerminal(folder: string, line: string, env: Readonly<Record<string, string>>): Terminal {
  const child = spawn("script", ["--quiet", "--flush", "--command", line, "/dev/null"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", npm_config_progress: "false", npm_config_update_notifier: "false", ...env },
    stdio: "pipe",
  });
  let text = "";
  let at = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString().replaceAll("\r", "");
  });
  return {
    get text() {
      return text;
    },
    next: async (pattern) => {
      const find = (): RegExpExecArray | null => pattern.exec(text.slice(at));
      await eventually(() => find() !== null || text.slice(at)).toBe(true);
      const found = find() as RegExpExecArray;
      at += found.index + found[0].length;
      return found;
    },
    type: (keys) => {
      child.stdin.write(keys);
    },
    closed: once(child, "close"),
    kill: () => {
      child.kill("SIGKILL");
    },
  };
}

/** A process of the compiler, of the service or of potter, and whether it began on generated files that are complete. */
export interface Beginning {
  readonly program: "tsc" | "main.js" | "potter";
  readonly pid: number;
  readonly isWhole: boolean;
}

/** What each process of Node does first. */
const noteBeginning = `
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const program = basename(process.argv[1] ?? "");
if (["tsc", "main.js", "potter"].includes(program)) {
  const read = () => {
    const { digest, files } = JSON.parse(readFileSync("gen/.potter-manifest.json", "utf8"));
    const digestOf = (name) => createHash("sha256").update(readFileSync("gen/" + name)).digest("base64url");
    return digest !== undefined && Object.entries(files).every(([name, expected]) => digestOf(name) === expected);
  };
  let isWhole = false;
  try {
    isWhole = read();
  } catch {}
  appendFileSync(".beginnings", JSON.stringify({ program, pid: process.pid, isWhole }) + "\\n");
}
`;

/** The environment in which processes that begin in a project are noted. */
export function noteBeginnings(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, ".note-beginning.mjs");
  writeFileSync(file, noteBeginning);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

/** The processes that have begun in a project. */
export function readBeginnings(folder: string, program: Beginning["program"]): readonly Beginning[] {
  const lines = readFileSync(join(folder, ".beginnings"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Beginning).filter((one) => one.program === program);
}
