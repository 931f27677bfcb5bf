import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { potterBin, type TestProject } from "../project.fixture.js";

/** How long a test waits for what must happen: far longer than it takes. */
export const limit = 60_000;

/** An event that `potter watch --json` prints. */
export interface PrintedEvent {
  readonly event: string;
  readonly [key: string]: unknown;
}

/** A `potter watch` in a process of its own. */
export interface WatchProcess {
  readonly pid: number;
  readonly events: readonly PrintedEvent[];
  /** Waits for an event after those that were waited for. */
  next(event: string): Promise<PrintedEvent>;
  /** Waits until it waits for changes. */
  idle(): Promise<PrintedEvent>;
  signal(name: NodeJS.Signals): void;
  /** Closes the pipes that it prints to. */
  closeOutput(): void;
  /** Resolves to the exit code. */
  readonly closed: Promise<number | null>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<number | null>;
}

/** Starts `potter watch --json` in a project. */
export function startWatch(
  project: TestProject,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): WatchProcess {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [potterBin, "watch", "--json", ...args], {
    cwd: project.folder,
    env: { ...process.env, ...env },
    stdio: "pipe",
  });
  const events: PrintedEvent[] = [];
  let errors = "";
  let at = 0;
  createInterface(child.stdout).on("line", (line) => events.push(JSON.parse(line) as PrintedEvent));
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  let isClosed = false;
  const closed = once(child, "close").then(([code]) => {
    isClosed = true;
    return code as number | null;
  });
  const next = async (name: string): Promise<PrintedEvent> => {
    const find = (): number => events.findIndex((one, index) => index >= at && one.event === name);
    const deadline = performance.now() + limit;
    while (find() < 0) {
      if (isClosed || performance.now() > deadline)
        throw new Error(`no event ${name}: ${JSON.stringify(events.slice(at))} ${errors}`);
      await wait(20);
    }
    const index = find();
    at = index + 1;
    return events[index] as PrintedEvent;
  };
  return {
    pid: child.pid ?? 0,
    events,
    next,
    idle: () => next("watching"),
    signal: (name) => child.kill(name),
    closeOutput: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    closed,
    stop: () => {
      child.kill("SIGTERM");
      return closed;
    },
  };
}

/**
 * A server that checks, when it starts, that the generated files are complete, and answers with what it was started with. It lists
 * its starts in `.starts`.
 */
export const serverFiles: Readonly<Record<string, string>> = {
  "src/answer.mjs": `export const answer = "first";\n`,
  "src/main.mjs": `
import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { answer } from "./answer.mjs";

const { digest, files } = JSON.parse(readFileSync("gen/.potter-manifest.json", "utf8"));
const digestOf = (name) => createHash("sha256").update(readFileSync("gen/" + name)).digest("base64url");
const isWhole = digest !== undefined && Object.entries(files).every(([name, expected]) => digestOf(name) === expected);
const names = readdirSync("gen/bank/v1").filter((name) => name.endsWith("_cqrs.ts"));
const text = names.map((name) => readFileSync("gen/bank/v1/" + name, "utf8")).join("");
const commands = ["openAccount", "closeAccount", "freezeAccount"].filter((name) => text.includes(name));
const server = createServer((_, response) => response.end(JSON.stringify({ answer, commands })));
// A server that is ended before it is listed is in neither list.
server.listen(0, "127.0.0.1", () => {
  process.on("SIGTERM", () => {
    appendFileSync(".ends", process.pid + "\\n");
    server.closeAllConnections();
    server.close();
  });
  appendFileSync(".starts", JSON.stringify({ pid: process.pid, port: server.address().port, isWhole }) + "\\n");
});
`,
};

/** A start of the server. */
export interface ServerStart {
  readonly pid: number;
  readonly port: number;
  readonly isWhole: boolean;
}

/** All starts of the server so far. */
export function readStarts(project: TestProject): readonly ServerStart[] {
  return readLines(project, ".starts").map((line) => JSON.parse(line) as ServerStart);
}

/** The process ids of servers that were asked to end. */
export function readEnds(project: TestProject): readonly number[] {
  return readLines(project, ".ends").map(Number);
}

function readLines(project: TestProject, path: string): readonly string[] {
  try {
    return project
      .read(path)
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

/** Waits for the start with a number, from 1, and returns what the server answers. */
export async function askServer(project: TestProject, start: number): Promise<unknown> {
  await expect.poll(() => readStarts(project).length, { timeout: limit, interval: 20 }).toBe(start);
  return ask(readStarts(project)[start - 1]);
}

/** Returns what the server answers that was started last. Rejects while there is none. */
export function askLastServer(project: TestProject): Promise<unknown> {
  return ask(readStarts(project).at(-1));
}

async function ask(start: ServerStart | undefined): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${start?.port}`)).json();
}
