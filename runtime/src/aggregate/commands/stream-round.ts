import type { CallResult } from "../../cqrs/index.js";
import { isPotterError } from "../../errors/index.js";
import type { StateWriteResult } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";
import type { InlineProjections, Repository, Step } from "../repository/index.js";
import type { CommandRun, DecidedCall } from "./command-run.js";
import { waitAfterConflict } from "./conflict-backoff.js";
import { applyInOrder } from "./joined-rows.js";

/** How often a command is decided at most, after conflicts with other processes. */
export const maxAttempts = 16;

/** Most events that several commands record in one call. */
const maxEvents = 1000;

/** A command whose caller waits for its result. */
export interface Waiting {
  readonly run: CommandRun;
  readonly since: number;
  attempts: number;
  /** Must be carried out alone, on a state that is loaded for it. */
  alone: boolean;
  resolve(result: CallResult): void;
  reject(error: unknown): void;
}

/** How a round ended. */
export interface RoundEnd<L> {
  /** The state after the round. undefined: it must be loaded. */
  readonly known: L | undefined;
  /** Commands that were not carried out. */
  readonly left: readonly Waiting[];
}

/** The outcome of a command on some state. */
type Outcome =
  | { readonly one: Waiting; readonly error: unknown }
  | { readonly one: Waiting; readonly decided: DecidedCall; readonly version: number; readonly isStep: boolean };

/** Decisions on some commands, one after the other, each on the state after the commands before it. */
interface Decisions<L extends Loaded> {
  readonly outcomes: readonly Outcome[];
  /** The decisions that must be recorded. */
  readonly steps: readonly Step<L>[];
  readonly left: readonly Waiting[];
  /** A decider has thrown an unexpected error, and may have changed the state that it received. */
  readonly isStateSuspect?: true;
}

/**
 * Decides on commands of one stream and records the decisions, all or nothing. No caller receives a result before that: a
 * decision on a state that was not recorded has not happened, and a refusal is valid only on the present state.
 */
export class StreamRound<L extends Loaded> {
  private readonly repository: Repository<L>;
  private readonly inline: InlineProjections | undefined;

  constructor(repository: Repository<L>, inline: InlineProjections | undefined) {
    this.repository = repository;
    this.inline = inline;
  }

  /** `known`: the state that this process has recorded last. Throws if the state cannot be loaded. */
  async run(commands: readonly Waiting[], known: L | undefined): Promise<RoundEnd<L>> {
    const { repository } = this;
    const [first] = commands as readonly [Waiting];
    const { stream } = first.run;
    let waiting = commands;
    let isLoaded = known === undefined;
    let loaded = known ?? (await repository.load(stream));
    for (let attempt = 1; ; attempt++) {
      const decisions = this.decideAll(waiting, loaded, isLoaded);
      const { steps, left } = decisions;
      if (steps.length === 0) {
        const before = loaded;
        // Another process may have recorded events since.
        if (!isLoaded) loaded = await repository.load(stream, loaded);
        isLoaded = true;
        if (loaded.version !== before.version) continue;
        for (const outcome of decisions.outcomes) respond(outcome, 0);
        return { known: decisions.isStateSuspect === true ? undefined : loaded, left };
      }
      const end = await this.recordAll(decisions, waiting);
      if (end !== "conflict") return end;
      const now = await repository.load(stream, loaded);
      if (steps.length > 1 && now.version === loaded.version) return { known: now, left: apart(waiting) };
      waiting = waiting.filter(mayRetry);
      if (waiting.length === 0) return { known: now, left: [] };
      await waitAfterConflict(attempt, undefined);
      loaded = await repository.load(stream, now);
      isLoaded = true;
    }
  }

  /** Decides until a command cannot be recorded together with those before it. */
  private decideAll(waiting: readonly Waiting[], loaded: L, isLoaded: boolean): Decisions<L> {
    const outcomes: Outcome[] = [];
    const steps: Step<L>[] = [];
    let at = loaded;
    for (const [i, one] of waiting.entries()) {
      let decided: DecidedCall;
      let step: Step<L> | undefined;
      try {
        decided = one.run.decide(at);
        step = one.run.leadsTo(decided) ? one.run.toStep(at, decided) : undefined;
      } catch (error) {
        if (isPotterError(error) || (i === 0 && isLoaded)) outcomes.push({ one, error });
        if (isPotterError(error)) continue;
        const isOwn = i === 0 && isLoaded;
        // Decided alone, on a state loaded for it, it shows whether the command itself is at fault.
        one.alone = !isOwn;
        return { outcomes, steps, left: waiting.slice(isOwn ? 1 : i), isStateSuspect: true };
      }
      const version = at.version + decided.events.length;
      const outcome = { one, decided, version, isStep: step !== undefined };
      if (step === undefined) {
        outcomes.push(outcome);
        continue;
      }
      const isLast = i + 1 === waiting.length;
      const fits = (isLast && steps.length === 0) || this.fits(step, steps);
      if (!fits && steps.length > 0) return { outcomes, steps, left: waiting.slice(i) };
      outcomes.push(outcome);
      steps.push(step);
      const after = fits && !isLast ? this.stateAfter(at, decided, version) : undefined;
      if (after === undefined) return { outcomes, steps, left: waiting.slice(i + 1) };
      at = after;
    }
    return { outcomes, steps, left: [] };
  }

  private fits(step: Step<L>, steps: readonly Step<L>[]): boolean {
    const { command } = step.context;
    if (command !== undefined && steps.some(({ context }) => context.command?.id === command.id)) return false;
    const events = steps.reduce((sum, one) => sum + one.events.length, step.events.length);
    try {
      return events <= maxEvents && this.repository.fits(step);
    } catch {
      return false;
    }
  }

  /** undefined: `evolve` has thrown, which concerns only the commands after it. */
  private stateAfter(at: L, decided: DecidedCall, version: number): L | undefined {
    try {
      return { ...at, state: decided.after(), version };
    } catch {
      return undefined;
    }
  }

  private async recordAll(decisions: Decisions<L>, waiting: readonly Waiting[]): Promise<RoundEnd<L> | "conflict"> {
    const { outcomes, steps, left } = decisions;
    const [first] = steps as readonly [Step<L>];
    const events = steps.flatMap((step) => step.events);
    let recorded: Recorded;
    try {
      recorded = await this.record(steps, events);
    } catch (error) {
      return { known: undefined, left: failed(outcomes, error, waiting, steps.length) };
    }
    if (recorded === "conflict") return recorded;
    if ("refusal" in recorded) {
      const { refusal } = recorded;
      const one = outcomes.find(isStep)?.one;
      if (one !== undefined) settle(one, async () => one.run.settle(refusal));
      return { known: undefined, left: waiting.filter((other) => other !== one) };
    }
    let next = 0;
    for (const outcome of outcomes) respond(outcome, isStep(outcome) ? (recorded.positions[next++] ?? 0) : 0);
    return {
      known: decisions.isStateSuspect === true ? undefined : this.next(first, events, steps.at(-1) ?? first),
      left,
    };
  }

  private async record(steps: readonly Step<L>[], events: Step["events"]): Promise<Recorded> {
    const inline = this.inline?.begin(events);
    const [first] = steps as readonly [Step<L>];
    const apply = applyInOrder([inline?.apply, ...steps.map(({ context }) => context.inline)]);
    if (steps.length > 1) {
      const positions = await this.repository.recordAll(steps, apply);
      if (positions === undefined) return "conflict";
      inline?.committed();
      return { positions };
    }
    const context = apply === undefined ? first.context : { ...first.context, inline: apply };
    const result = await this.repository.record({ ...first, context });
    if (result.kind === "conflict") return result.kind;
    if (result.kind !== "appended") return { refusal: result };
    inline?.committed();
    return { positions: [result.position] };
  }

  /** The state after all recorded events. undefined: `evolve` has thrown. */
  private next({ loaded }: Step<L>, events: Step["events"], last: Step<L>): L | undefined {
    try {
      return this.repository.next(loaded, events, last.after(), last.loaded.version + last.events.length);
    } catch {
      return undefined;
    }
  }
}

/** The result of recording some steps. */
type Recorded =
  | { readonly positions: readonly number[] }
  | { readonly refusal: Exclude<StateWriteResult, { kind: "appended" | "conflict" }> }
  | "conflict";

/** Sends a caller the result of its command. */
function respond(outcome: Outcome, position: number): void {
  const { one } = outcome;
  if ("error" in outcome) one.reject(outcome.error);
  else one.resolve(one.run.toResult(outcome.decided, outcome.version, position));
}

function settle({ resolve, reject }: Waiting, work: () => Promise<CallResult>): void {
  work().then(resolve, reject);
}

function isStep(outcome: Outcome): outcome is Outcome & { readonly decided: DecidedCall } {
  return "isStep" in outcome && outcome.isStep;
}

/** The commands to carry out after a failed call. Of several, each alone, because one of them has caused the failure. */
function failed(
  outcomes: readonly Outcome[],
  error: unknown,
  waiting: readonly Waiting[],
  count: number,
): readonly Waiting[] {
  // After a broken connection the outcome is unknown; after any other failure nothing was recorded.
  const isUnknown = isPotterError(error) && error.code === "unavailable";
  const lost = new Set(
    outcomes.filter(isStep).flatMap(({ one }) => (count === 1 || (isUnknown && !one.run.record) ? [one] : [])),
  );
  for (const { reject } of lost) reject(error);
  const left = waiting.filter((one) => !lost.has(one));
  return count === 1 ? left : apart(left);
}

/** Makes each of them run alone from now on. */
function apart(waiting: readonly Waiting[]): readonly Waiting[] {
  for (const one of waiting) one.alone = true;
  return waiting;
}

/** Whether a command is decided again after a conflict. Otherwise its caller receives the reason. */
function mayRetry(one: Waiting): boolean {
  const { run } = one;
  one.attempts++;
  if (!run.isAborted && one.attempts < maxAttempts) return true;
  one.reject(run.isAborted ? run.signal?.reason : run.contended());
  return false;
}
