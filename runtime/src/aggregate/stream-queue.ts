import { isRequestBound, queueMacrotask } from "../async/index.js";
import type { CallResult } from "../cqrs/index.js";
import type { StreamId } from "../store/ports/index.js";
import { backOff } from "./back-off.js";
import type { Answered, CommandRun } from "./command-run.js";
import type { InlineProjector } from "./inline-projector.js";
import type { Loaded, Repository } from "./repository.js";
import { maxAttempts, StreamRound, type Waiting } from "./stream-round.js";

/** Most commands that are decided on in one round. */
const maxRound = 100;
/** How long a command waits for those before it, in milliseconds. */
const patience = 10_000;
/**
 * How long a state is decided on before it is loaded anew, in milliseconds: what is personal in it is readable here, also when
 * another process has erased its subject.
 */
const maxAge = 10_000;

/** Stands for the line of a stream that is worked on while nobody waits. */
const nobody: Waiting[] = [];

/**
 * Carries out the commands of one kind of aggregate. Of several on one stream at a time, one is at work and the others wait, so that
 * a process never conflicts with itself. Those that wait are decided on the newest known state, and recorded in one call where
 * they fit. Other processes are dealt with as ever: whoever was slower decides again.
 */
export class StreamQueue<L extends Loaded = Loaded> {
  private readonly repository: Repository<L>;
  private readonly inline: InlineProjector | undefined;
  private readonly rounds: StreamRound<L>;
  private readonly lines = new Map<string, Waiting[]>();

  constructor(repository: Repository<L>, inline: InlineProjector | undefined) {
    this.repository = repository;
    this.inline = inline;
    this.rounds = new StreamRound(repository, inline);
  }

  /** Carries out a command on an aggregate whose id was just made up: nobody else can know it. */
  begin(run: CommandRun): Promise<CallResult> {
    return this.work(run, this.repository.fresh());
  }

  /**
   * Carries out a command when those before it on its stream are done. At once, where no request may settle what another waits
   * for: there, all are as those of different processes.
   */
  run(run: CommandRun): Promise<CallResult> {
    if (isRequestBound) return this.work(run);
    const key = keyOf(run.stream);
    const line = this.lines.get(key);
    if (line === undefined) {
      this.lines.set(key, nobody);
      return this.work(run, undefined, key);
    }
    return new Promise((resolve, reject) => {
      const waiting = { run, since: performance.now(), attempts: 0, alone: false, resolve, reject };
      if (line === nobody) this.lines.set(key, [waiting]);
      else line.push(waiting);
    });
  }

  /** The common way, of a command that finds nobody before it. */
  private async work(run: CommandRun, fresh?: L, key?: string): Promise<CallResult> {
    const { repository } = this;
    let next: (() => L) | undefined;
    try {
      let loaded = fresh ?? (await repository.load(run.stream));
      for (let attempt = 1; ; attempt++) {
        let decided: Answered;
        try {
          decided = run.decide(loaded);
        } catch (error) {
          if (run.record === undefined) throw error;
          return await run.refused(error);
        }
        if (!run.leadsTo(decided)) return run.toResult(decided, loaded.version, 0);
        const inline = this.inline?.begin(decided.events);
        const result = await repository.record(run.toStep(loaded, decided, inline?.apply));
        if (result.kind === "appended") {
          inline?.committed();
          const before = loaded;
          next = () => repository.next(before, decided.events, decided.after(), result.version);
          return run.toResult(decided, result.version, result.position);
        }
        if (result.kind !== "conflict") return run.settle(result);
        if (attempt === maxAttempts) throw run.contended();
        await backOff(attempt, run.signal);
        loaded = await repository.load(run.stream, loaded);
      }
    } finally {
      if (key !== undefined) this.leave(key, next);
    }
  }

  private leave(key: string, next: (() => L) | undefined): void {
    const line = this.lines.get(key) ?? nobody;
    if (line === nobody) this.lines.delete(key);
    else void this.drain(key, line, next);
  }

  /** Carries out all that wait, and those that come meanwhile. */
  private async drain(key: string, line: Waiting[], next: (() => L) | undefined): Promise<void> {
    let known = attempt(next);
    let since = performance.now();
    for (;;) {
      const round = takeRound(line);
      if (round.length === 0) break;
      if (known === undefined || round[0]?.alone === true || performance.now() - since > maxAge) {
        known = undefined;
        since = performance.now();
      }
      try {
        const end = await this.rounds.run(round, known);
        known = end.known;
        line.unshift(...end.left);
      } catch (error) {
        known = undefined;
        for (const { reject } of round) reject(error);
      }
      // Those who were just answered are about to ask again: what they ask for is to go together.
      if (round.length > 1) await new Promise<void>((resolve) => queueMacrotask(resolve));
    }
    this.lines.delete(key);
  }
}

/** The next commands, in the order they came. Whose caller has gone, or has waited too long, is told so. */
function takeRound(line: Waiting[]): readonly Waiting[] {
  const round: Waiting[] = [];
  const oldest = performance.now() - patience;
  let taken = 0;
  for (const one of line) {
    if (one.alone && round.length > 0) break;
    taken++;
    if (one.run.isAborted) one.reject(one.run.signal?.reason);
    else if (one.since < oldest) one.reject(one.run.contended());
    else if (round.push(one) === maxRound || one.alone) break;
  }
  line.splice(0, taken);
  return round;
}

/** A state that cannot be worked out is loaded. */
function attempt<T>(work: (() => T) | undefined): T | undefined {
  try {
    return work?.();
  } catch {
    return undefined;
  }
}

function keyOf({ tenant, id }: StreamId): string {
  return tenant === "" ? id : `${tenant.length} ${tenant}${id}`;
}
