import {
  type AnyMethod,
  type BegunWait,
  type CallLimit,
  type CallOptions,
  type CallResult,
  type CarriedWait,
  type Logger,
  type Middleware,
  type WaitOutcome,
  type WaitTargets,
  waitOf,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore, RecordedEvent } from "../store/ports/index.js";
import { type Goal, writeGoal } from "./goal.js";
import type { PositionTokens } from "./position-tokens.js";
import type { Reach, Reached } from "./reach.js";
import { type Asked, appliedPreferences, readAsked } from "./read-wait.js";
import { beginOfReplayed, isReplayed } from "./replayed.js";
import type { ExposedTargets } from "./targets.js";

/** The longest wait of a call that does not say how long, in milliseconds. */
export const defaultWithin = 10_000;

/** What the waits of an app need. */
export interface WaitsDependencies {
  readonly events: Pick<EventStore, "head" | "last" | "readStream">;
  readonly tokens: PositionTokens;
  readonly targets: ExposedTargets;
  readonly reach: Reach;
  readonly logger: Logger;
  /** The type of the streams in which a command records its events; undefined: it has no aggregate. */
  streamTypeOf(method: AnyMethod): string | undefined;
  /** The message of an event, in its current version. */
  messageOf(event: RecordedEvent): unknown;
  /** The name of an event to clients: full name of its message. */
  nameOf(type: string, version: number): string;
}

const noTargets: WaitTargets = { models: [], events: [] };

/** Carries out the calls whose callers wait for more than the response. */
export class Waits {
  private readonly dependencies: WaitsDependencies;

  constructor(dependencies: WaitsDependencies) {
    this.dependencies = dependencies;
  }

  /** Runs directly around the handlers of calls that wait: after the middleware of the app, which may refuse a call. */
  readonly middleware: Middleware = (method) => async (call, next) => {
    const wait = waitOf(call.context);
    if (wait === undefined) return next(call);
    const { events, tokens, targets, reach } = this.dependencies;
    const { tenant, user, correlationId, commandId, explicitCommandId, signal } = call.context;
    const asked = readAsked(wait);
    if (asked.after !== undefined && asked.after.length > 0) {
      const position = await tokens.openHighest(tenant, asked.after);
      // A command decides on the events themselves.
      const models = method.kind === "query" ? targets.modelsOf(method.service) : [];
      await reach.include(models, position, asked.within ?? defaultWithin, signal);
    }
    const needed = targetsOf(targets, method, wait, asked);
    // Before the command runs, so that the caller can repeat it.
    if (needed !== noTargets) reach.checkLoad(needed.models);
    const from = needed.events.length > 0 ? await events.head() : 0;
    wait.begun = { tenant, user, correlationId, commandId: explicitCommandId ? commandId : undefined, from };
    return next(call);
  };

  /** Carries out a call. `dispatch` passes it to its handler, through `middleware`. */
  async invoke(
    method: AnyMethod,
    wait: CarriedWait,
    options: CallOptions,
    dispatch: () => Promise<CallResult>,
  ): Promise<CallResult> {
    const asked = readAsked(wait);
    const needed = targetsOf(this.dependencies.targets, method, wait, asked);
    // Before the command runs, so that nothing but the wait itself can fail after it.
    await this.dependencies.tokens.ready();
    const { signal } = options;
    const start = performance.now();
    const result = await (wait.limit === undefined ? dispatch() : wait.limit.run(dispatch));
    const { begun } = wait;
    if (method.kind !== "command" || begun === undefined) return result;
    const time = timeLeft(asked, wait.limit, performance.now() - start);
    const outcome = await this.finish(method, wait, begun, needed, result, time, signal);
    addHeaders(options, outcome);
    const preferences = wait.header && outcome.state && appliedPreferences(wait.header);
    return { ...result, wait: { ...outcome, ...(preferences && { preferences }) } };
  }

  private async finish(
    method: AnyMethod,
    wait: CarriedWait,
    begun: BegunWait,
    needed: WaitTargets,
    result: CallResult,
    time: number,
    signal: AbortSignal | undefined,
  ): Promise<WaitOutcome> {
    const { tokens, reach, events, logger, streamTypeOf } = this.dependencies;
    let token: string | undefined;
    try {
      // The position is unknown for a replayed response and for a plain function; a command that recorded nothing was decided on what there is.
      const position = result.position || ((await events.last())?.position ?? 0);
      const at = Date.now();
      const sealed = position === 0 ? undefined : await tokens.seal(begun.tenant, { position, at });
      const known = sealed === undefined ? {} : { position: sealed };
      if (needed === noTargets) return known;
      const begin =
        needed.events.length > 0 && isReplayed(method, begun, result)
          ? await beginOfReplayed(events, begun, result, streamTypeOf(method))
          : begun;
      const goal: Goal = { ...begun, ...begin, ...needed, position, at };
      token = await tokens.sealText("goal", writeGoal(goal));
      const found = await reach.reach(goal, time, signal);
      const outcome = { ...known, ...this.toOutcome(found, token) };
      return wait.needed === undefined || found.event === undefined
        ? outcome
        : { ...outcome, message: this.dependencies.messageOf(found.event) };
    } catch (error) {
      // The command has taken effect.
      logger.warn("the position after a command is unknown", { error });
      return needed === noTargets ? {} : { state: "pending", ...(token !== undefined && { token }) };
    }
  }

  /** The outcome of a wait for a goal. */
  toOutcome({ reached, event }: Reached, token: string): WaitOutcome {
    if (!reached) return { state: "pending", token };
    if (event === undefined) return { state: "reached" };
    return { state: "reached", token, event: this.dependencies.nameOf(event.type, event.schemaVersion) };
  }
}

/** Throws `invalid_argument` if the call cannot wait for what its caller names. */
function targetsOf(targets: ExposedTargets, method: AnyMethod, { needed }: CarriedWait, { until }: Asked): WaitTargets {
  if (needed !== undefined) return targets.withoutInline(needed);
  if (until === undefined) return noTargets;
  if (method.kind === "command" && method.stream === "unary") {
    return targets.resolve(method.service, until);
  }
  const fix = "a query waits for the position of an earlier call: potter-after";
  throw new PotterError(
    "invalid_argument",
    `potter-wait-for waits for commands with one request and one response, ${fix}`,
  );
}

/** How long the wait may last. It ends before the deadline of the call, so that its caller receives the response. */
function timeLeft({ within = defaultWithin }: Asked, limit: CallLimit | undefined, elapsed: number): number {
  if (limit === undefined) return within;
  const left = limit.milliseconds - elapsed;
  return Math.max(0, Math.min(within, left - Math.min(100, left / 10)));
}

function addHeaders({ responseHeaders }: CallOptions, { state, position, token, event }: WaitOutcome): void {
  if (responseHeaders === undefined) return;
  if (position !== undefined) responseHeaders.append("potter-position", position);
  if (state !== undefined) responseHeaders.append("potter-state", state);
  if (token !== undefined) responseHeaders.append("potter-wait-token", token);
  if (event !== undefined) responseHeaders.append("potter-event", event);
}
