import type { CallResult } from "../cqrs/index.js";
import { isPotterError } from "../errors/index.js";
import type { StateWriteResult } from "../store/ports/index.js";
import { backOff } from "./back-off.js";
import type { Answered, CommandRun } from "./command-run.js";
import type { InlineProjector } from "./inline-projector.js";
import type { Loaded, Repository, Step } from "./repository.js";

/** How often a command is decided anew because another process was faster. */
export const maxAttempts = 16;

/** Most events of several commands that are recorded in one call. */
const maxEvents = 1000;

/** A command whose caller waits. */
export interface Waiting {
  readonly run: CommandRun;
  readonly since: number;
  attempts: number;
  /** To be carried out by itself, on a state that was loaded for it. */
  alone: boolean;
  resolve(result: CallResult): void;
  reject(error: unknown): void;
}

/** How a round ended. */
export interface RoundEnd<L> {
  /** The state now. undefined: it is to be loaded. */
  readonly known: L | undefined;
  /** Commands that were not carried out. */
  readonly left: readonly Waiting[];
}

/** What became of a command on some state. */
type Outcome =
  | { readonly one: Waiting; readonly error: unknown }
  | { readonly one: Waiting; readonly decided: Answered; readonly version: number; readonly isStep: boolean };

/** What was decided for some commands, one after the other, each on the state after those before it. */
interface Decisions<L extends Loaded> {
  readonly outcomes: readonly Outcome[];
  /** What is to be recorded of them. */
  readonly steps: readonly Step<L>[];
  readonly left: readonly Waiting[];
  /** A decider has thrown by mistake: it may have changed the state that it was given. */
  readonly doubtful?: true;
}

/**
 * Decides on commands of one stream and records what they lead to, all or nothing. Nobody is told anything before: what was
 * decided on a state that did not come to be has not happened, and a refusal counts only on a state that is the present one.
 */
export class StreamRound<L extends Loaded> {
  private readonly repository: Repository<L>;
  private readonly inline: InlineProjector | undefined;

  constructor(repository: Repository<L>, inline: InlineProjector | undefined) {
    this.repository = repository;
    this.inline = inline;
  }

  /** `known`: the state as this process has left it. Throws if the state cannot be loaded. */
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
        // Nothing shows that another process has not gone on.
        if (!isLoaded) loaded = await repository.load(stream, loaded);
        isLoaded = true;
        if (loaded.version !== before.version) continue;
        for (const outcome of decisions.outcomes) tell(outcome, 0);
        return { known: decisions.doubtful === true ? undefined : loaded, left };
      }
      const end = await this.recordAll(decisions, waiting);
      if (end !== "conflict") return end;
      const now = await repository.load(stream, loaded);
      if (steps.length > 1 && now.version === loaded.version) return { known: now, left: apart(waiting) };
      waiting = waiting.filter(mayTryAgain);
      if (waiting.length === 0) return { known: now, left: [] };
      await backOff(attempt, undefined);
      loaded = await repository.load(stream, now);
      isLoaded = true;
    }
  }

  /** Until one does not fit with those before it. */
  private decideAll(waiting: readonly Waiting[], loaded: L, isLoaded: boolean): Decisions<L> {
    const outcomes: Outcome[] = [];
    const steps: Step<L>[] = [];
    let at = loaded;
    for (const [i, one] of waiting.entries()) {
      let decided: Answered;
      let step: Step<L> | undefined;
      try {
        decided = one.run.decide(at);
        step = one.run.leadsTo(decided) ? one.run.toStep(at, decided) : undefined;
      } catch (error) {
        if (isPotterError(error) || (i === 0 && isLoaded)) outcomes.push({ one, error });
        if (isPotterError(error)) continue;
        const isOwn = i === 0 && isLoaded;
        // On a state that was loaded for it alone it shows whose fault it is.
        one.alone = !isOwn;
        return { outcomes, steps, left: waiting.slice(isOwn ? 1 : i), doubtful: true };
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

  /** undefined: it cannot be worked out, which concerns those only who come next. */
  private stateAfter(at: L, decided: Answered, version: number): L | undefined {
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
    for (const outcome of outcomes) tell(outcome, isStep(outcome) ? (recorded.positions[next++] ?? 0) : 0);
    return { known: decisions.doubtful === true ? undefined : this.next(first, events, steps.at(-1) ?? first), left };
  }

  private async record(steps: readonly Step<L>[], events: Step["events"]): Promise<Recorded> {
    const inline = this.inline?.begin(events);
    const [first] = steps as readonly [Step<L>];
    if (steps.length > 1) {
      const positions = await this.repository.recordAll(steps, inline?.apply);
      if (positions === undefined) return "conflict";
      inline?.committed();
      return { positions };
    }
    const context = inline === undefined ? first.context : { ...first.context, inline: inline.apply };
    const result = await this.repository.record({ ...first, context });
    if (result.kind === "conflict") return result.kind;
    if (result.kind !== "appended") return { refusal: result };
    inline?.committed();
    return { positions: [result.position] };
  }

  /** The state after all that was recorded. undefined: it cannot be worked out here. */
  private next({ loaded }: Step<L>, events: Step["events"], last: Step<L>): L | undefined {
    try {
      return this.repository.next(loaded, events, last.after(), last.loaded.version + last.events.length);
    } catch {
      return undefined;
    }
  }
}

/** How the recording of some steps ended. */
type Recorded =
  | { readonly positions: readonly number[] }
  | { readonly refusal: Exclude<StateWriteResult, { kind: "appended" | "conflict" }> }
  | "conflict";

/** Tells a caller what his command has led to. */
function tell(outcome: Outcome, position: number): void {
  const { one } = outcome;
  if ("error" in outcome) settle(one, () => one.run.refused(outcome.error));
  else one.resolve(one.run.toResult(outcome.decided, outcome.version, position));
}

function settle({ resolve, reject }: Waiting, work: () => Promise<CallResult>): void {
  work().then(resolve, reject);
}

function isStep(outcome: Outcome): outcome is Outcome & { readonly decided: Answered } {
  return "isStep" in outcome && outcome.isStep;
}

/** Who is to be carried out after a call that failed. Of several, each by itself: the failure is that of one of them. */
function failed(
  outcomes: readonly Outcome[],
  error: unknown,
  waiting: readonly Waiting[],
  count: number,
): readonly Waiting[] {
  // Nobody knows what came of a call whose connection broke; of any other failure, nothing came.
  const isUnknown = isPotterError(error) && error.code === "unavailable";
  const lost = new Set(
    outcomes.filter(isStep).flatMap(({ one }) => (count === 1 || (isUnknown && !one.run.record) ? [one] : [])),
  );
  for (const { reject } of lost) reject(error);
  const left = waiting.filter((one) => !lost.has(one));
  return count === 1 ? left : apart(left);
}

/** Each of them by itself from now on. */
function apart(waiting: readonly Waiting[]): readonly Waiting[] {
  for (const one of waiting) one.alone = true;
  return waiting;
}

/** Whether a command is decided on again after a conflict. Else its caller is told why not. */
function mayTryAgain(one: Waiting): boolean {
  const { run } = one;
  one.attempts++;
  if (!run.isAborted && one.attempts < maxAttempts) return true;
  one.reject(run.isAborted ? run.signal?.reason : run.contended());
  return false;
}
