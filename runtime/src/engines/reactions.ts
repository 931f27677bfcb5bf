import { StopSignal } from "../async/index.js";
import type { AnyMethod, Bus, CallOptions, Method } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Engine, MessageTypes } from "../message/index.js";
import type { EventConsumer } from "../projection/index.js";
import { type Reaction, type ReactionHost, type ReactionPart, toReactionConsumer } from "../reaction/index.js";
import type { ScheduleOptions } from "../schedule/index.js";
import type { Part } from "./part.js";
import { type ReadModelsEngine, readModels } from "./read-models.js";
import type { Scheduling } from "./schedules.js";

/** Runs the handlers of reactions. */
export interface ReactionsEngine extends Engine<"reactions"> {
  /** Runs what reads the log. */
  readonly readModels: ReadModelsEngine;
  /** Throws `invalid_argument` for a setting that cannot work. */
  open(parts: readonly Part[]): Reactions;
}

/** The reactions of an app. */
export class Reactions implements ReactionHost {
  /** What they read, and how. */
  readonly consumers: readonly EventConsumer[];
  private bus: Bus | undefined;
  private scheduling: Scheduling | undefined;
  private readonly aborting = new StopSignal();

  constructor(parts: readonly Part[]) {
    this.consumers = parts.flatMap((part) => (part.kind === "reaction" ? [toReactionConsumer(part, this)] : []));
  }

  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  /** Must be called before the consumers run. They call the bus until they have ended, so also while the app stops. */
  start(bus: Bus, scheduling: Scheduling | undefined): void {
    this.bus = bus;
    this.scheduling = scheduling;
  }

  async send(method: AnyMethod, request: unknown, options: CallOptions): Promise<unknown> {
    return this.bus?.send(method as Method<MessageTypes, MessageTypes, "unary">, request, options);
  }

  async schedule(method: AnyMethod, request: unknown, options: ScheduleOptions): Promise<string> {
    if (this.scheduling !== undefined) return this.scheduling.scheduleNow(method, request, options);
    throw new PotterError(
      "failed_precondition",
      "the app schedules no commands: add scheduledCommands({ methods: […] })",
    );
  }

  /** Ends the handlers that still run. */
  abort(): void {
    this.aborting.abort();
  }
}

const engine: ReactionsEngine = { name: "reactions", readModels, open: (parts) => new Reactions(parts) };

/** Declares a reaction: handlers that run once for each event and may send commands. */
export function reaction(declaration: Reaction): ReactionPart {
  return { ...declaration, kind: "reaction", engine };
}

/** All engines of this name are the one above. */
export function isReactions(engine: Engine): engine is ReactionsEngine {
  return engine.name === "reactions";
}
