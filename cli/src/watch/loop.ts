import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { CliError } from "../cli-error.js";
import { readFailure } from "../errors/index.js";
import { createPhaseClock, type PlannedRun, planRun, type RunReport, writeRun } from "../generation/index.js";
import { RunMemory } from "../plugins/index.js";
import { openProject } from "../project/index.js";
import { type ScaffoldChoice, ScaffoldMemory } from "../scaffold/index.js";
import { FileDigests, withRunLock } from "../write/index.js";
import type { Timers } from "./debounce.js";
import type { WatchEvent } from "./events.js";
import {
  listDifferences,
  listSourceChanges,
  type Notifier,
  readConfiguration,
  readWatched,
  type Snapshot,
  SnapshotReader,
  type WatchChoice,
  type Watched,
} from "./files/index.js";
import type { Server } from "./server.js";

/** What a watcher needs. */
export interface LoopOptions {
  readonly folder: string;
  readonly choice: WatchChoice;
  /** undefined: users' files stay as they are. */
  readonly scaffold: ScaffoldChoice | undefined;
  /** The user's command, if there is one, and as it is printed. */
  readonly server: Server | undefined;
  readonly command: string;
  readonly notifier: Notifier;
  readonly timers: Timers;
  readonly print: (event: WatchEvent) => void;
}

/** When a write that failed, as on a full disk, is tried again, in milliseconds. */
const retryAfter = 5000;

/** How long nothing must happen until what was compiled in parts is compared with the whole, in milliseconds. */
const verifyAfter = 3000;

const nothing: Snapshot = new Map();

/**
 * Keeps generated files, users' files and the user's command up to the contract. Digests decide what is done, not events: a round
 * reads all that counts, and does what follows from it. One round runs at a time.
 */
export class WatchLoop {
  readonly #options: LoopOptions;
  readonly #reader = new SnapshotReader();
  #watched: Watched;
  /** The contract of the last run that was not void. */
  #contract: Snapshot | undefined;
  /** Whether there must be a run though the contract is the same: the first one, or after a failure that is not the contract's. */
  #isDue = true;
  /** The generated files, as the last run has left them. */
  #generated: Snapshot = nothing;
  /** Whether they are complete. */
  #isWhole = false;
  #hasErrors = false;
  /** What the last process of the command has found when it started. */
  #started: { readonly sources: Snapshot; readonly generated: Snapshot } | undefined;
  /** Whether the command was ended for a run, so that it must be started after it. */
  #isPaused = false;
  #lastFailure = "";
  #round: Promise<void> | undefined;
  #writing: Promise<unknown> | undefined;
  #isRequested = false;
  #isStopping = false;
  readonly #memory = new RunMemory();
  readonly #digests = new FileDigests();
  readonly #scaffoldMemory = new ScaffoldMemory();
  /** What the memory was generated from. */
  #remembered: Snapshot | undefined;
  #cancelVerification = (): void => {};
  #hasPrinted = false;
  #cancelRetry = (): void => {};

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#watched = readConfiguration(options.folder, options.choice);
  }

  /** Looks at everything: now, or after the present round. */
  check(): void {
    this.#cancelVerification();
    this.#isRequested = true;
    this.#round ??= this.#runRounds().finally(() => {
      this.#round = undefined;
    });
  }

  /** Prints that the command has ended by itself. */
  reportExit(exit: Omit<Extract<WatchEvent, { readonly event: "exited" }>, "event" | "command">): void {
    this.#print({ event: "exited", command: this.#options.command, ...exit });
    if (this.#round === undefined) this.#print({ event: "watching" });
  }

  /** Ends the command and all work. A run that writes is finished; another one is void. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelRetry();
    this.#cancelVerification();
    await this.#options.server?.stop();
    await this.#writing?.catch(() => {});
  }

  async #runRounds(): Promise<void> {
    while (this.#isRequested && !this.#isStopping) {
      this.#isRequested = false;
      await this.#runRound().catch((error: unknown) => this.#fail(error, this.#contract, []));
    }
    if (this.#hasPrinted && !this.#isStopping) this.#print({ event: "watching" });
    if (this.#memory.isSpliced && !this.#isStopping) {
      this.#cancelVerification = this.#options.timers.schedule(verifyAfter, () => void this.#verify());
    }
  }

  /**
   * Compiles the whole contract while nothing else happens, and compares it with what was put together from parts. What the whole one
   * says counts.
   */
  async #verify(): Promise<void> {
    const { folder, choice } = this.#options;
    try {
      const different = await this.#memory.verify(openProject(folder, choice.template));
      const isCurrent = this.#remembered !== undefined && this.#isCurrent(this.#remembered);
      if (different.length === 0 || !isCurrent || this.#round !== undefined || this.#isStopping) return;
      const files = `${different.slice(0, 3).join(", ")}${different.length > 3 ? ` and ${different.length - 3} more` : ""}`;
      this.#print({ event: "note", message: `compiling everything gives another result for ${files}: generating it` });
      this.#memory.forget();
      this.#isDue = true;
      this.check();
    } catch {
      // The contract has an error by now: the events of its files lead to a round that reports it.
    }
  }

  async #runRound(): Promise<void> {
    this.#watched = this.#readWatched();
    await this.#options.notifier.watch(this.#watched);
    const contract = this.#reader.readContract(this.#watched);
    const changed = listDifferences(this.#contract ?? contract, contract);
    const isLost = this.#isWhole && [...this.#generated.keys()].some((path) => !existsSync(path));
    if (this.#isDue || changed.length > 0 || isLost) {
      // The next round decides on the command: this one knows only an old contract.
      if (await this.#generate(contract, changed)) return;
    }
    await this.#serve();
  }

  /** What counts. While the template is invalid, what did before, so that a fix is seen. */
  #readWatched(): Watched {
    try {
      return readWatched(this.#options.folder, this.#options.choice);
    } catch (error) {
      if (error instanceof CliError) return this.#watched;
      throw error;
    }
  }

  /** Resolves to whether the contract has changed meanwhile, so that the result is void. */
  async #generate(contract: Snapshot, changed: readonly string[]): Promise<boolean> {
    const { folder } = this.#options;
    const start = performance.now();
    // A retry is silent until something else happens.
    if (this.#lastFailure === "" || changed.length > 0) {
      this.#print({ event: "generating", changed: this.#toRelative(changed) });
    }
    try {
      const say = (message: string): void => this.#print({ event: "note", message });
      const clock = createPhaseClock();
      const report = await withRunLock(folder, say, () => this.#run(contract, start, clock.step));
      if (this.#isStopping) return false;
      if (report === undefined) {
        this.#print({ event: "superseded" });
        this.#isRequested = true;
        return true;
      }
      this.#contract = contract;
      this.#isDue = false;
      this.#hasErrors = false;
      this.#lastFailure = "";
      this.#print({
        event: "generated",
        report,
        scaffold: (await report.scaffold?.print(false)) ?? "",
        phases: clock.end(),
      });
    } catch (error) {
      if (!this.#isStopping) this.#fail(error, contract, changed);
    }
    return false;
  }

  #fail(error: unknown, contract: Snapshot | undefined, changed: readonly string[]): void {
    const failure = readFailure(error, this.#options.folder) ?? toFailure(error);
    const isIncomplete = this.#writing !== undefined;
    this.#writing = undefined;
    this.#hasErrors = true;
    this.#contract = contract;
    // Such as a program that is missing: whatever happens next may have mended it.
    this.#isDue = isIncomplete || failure.diagnostics.length === 0;
    if (failure.text !== this.#lastFailure || changed.length > 0) this.#print({ event: "failed", failure });
    this.#lastFailure = failure.text;
    this.#cancelRetry();
    if (isIncomplete) this.#cancelRetry = this.#options.timers.schedule(retryAfter, () => this.check());
  }

  /** Generates in memory, then writes it while the command does not run. undefined: the result is void, nothing was written. */
  async #run(contract: Snapshot, start: number, step: (step: string) => void): Promise<RunReport | undefined> {
    const { folder, choice, scaffold, server } = this.#options;
    const project = openProject(folder, choice.template);
    const planned = await planRun(
      project,
      step,
      {},
      { memory: this.#memory, digests: this.#digests, changes: listSourceChanges(this.#remembered, contract) },
    );
    this.#remembered = contract;
    if (this.#isStopping || !this.#isCurrent(contract)) return undefined;
    const isChange = planned.plans.some(({ plan }) => plan.writes.size + plan.deletes.length > 0);
    if (isChange && server?.isRunning) await this.#endCommand(server, []);
    if (this.#isStopping) return undefined;
    this.#isWhole = false;
    const writing = writeRun(project, planned, scaffold && { ...scaffold, memory: this.#scaffoldMemory }, start, step);
    this.#writing = writing;
    const report = await writing;
    this.#writing = undefined;
    this.#generated = listGenerated(planned);
    this.#isWhole = true;
    return report;
  }

  #isCurrent(contract: Snapshot): boolean {
    return listDifferences(contract, this.#reader.readContract(this.#readWatched())).length === 0;
  }

  /** Starts the command if it is to run and what it runs has changed. It never runs on generated files that are not complete. */
  async #serve(): Promise<void> {
    const { server, command } = this.#options;
    if (server === undefined || !this.#isWhole || this.#hasErrors || this.#isStopping) return;
    const generated = this.#generated;
    const read = (): Snapshot => this.#reader.readSources(this.#watched, new Set(generated.keys()));
    let sources = read();
    const changed = listDifferences(this.#started?.sources ?? nothing, sources);
    const isSame = changed.length === 0 && listDifferences(this.#started?.generated ?? nothing, generated).length === 0;
    if (this.#started !== undefined && isSame && !this.#isPaused) return;
    const hasEnded = this.#started !== undefined && !this.#isPaused && !server.isRunning;
    if (server.isRunning) {
      await this.#endCommand(server, this.#toRelative(changed));
      sources = read();
    }
    if (this.#isStopping) return;
    this.#started = { sources, generated };
    this.#isPaused = false;
    this.#print({ event: "started", command, pid: server.start(), changed: hasEnded ? this.#toRelative(changed) : [] });
  }

  async #endCommand(server: Server, changed: readonly string[]): Promise<void> {
    this.#print({ event: "stopping", command: this.#options.command, changed });
    this.#isPaused = true;
    await server.stop();
  }

  #toRelative(paths: readonly string[]): readonly string[] {
    return paths.map((path) => relative(this.#options.folder, path).replaceAll("\\", "/"));
  }

  #print(event: WatchEvent): void {
    this.#hasPrinted = event.event !== "watching";
    this.#options.print(event);
  }
}

function listGenerated({ plans }: PlannedRun): Snapshot {
  return new Map(
    plans.flatMap(({ plan: { folder, next } }) =>
      [...next].map(([name, digest]) => [join(folder, name), digest] as const),
    ),
  );
}

/** A fault of this program, which must not end the watcher. */
function toFailure(error: unknown) {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { diagnostics: [], message, text: `potter: ${process.env["POTTER_DEBUG"] ? stack : message}` };
}
