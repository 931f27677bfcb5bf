import type { AnyMethod, Bus, Logger } from "../cqrs/index.js";
import type { AnyCodec, Engine } from "../message/index.js";
import type { PageTokens } from "../paging/index.js";
import type { EventConsumer } from "../projection/index.js";
import { SagaControls, type SagaReference } from "../saga/control/index.js";
import type { SagaPart } from "../saga/declaration/index.js";
import { beginReading, SagaEngine, toSagaConsumers } from "../saga/engine/index.js";
import { findMissingBehaviour } from "../saga/machine/index.js";
import type { SagaOptions } from "../saga/options.js";
import { EarlyTable, SagaTable } from "../saga/row/index.js";
import type { Store } from "../store/ports/index.js";
import type { AppAccess } from "./app-access.js";
import type { Part } from "./part.js";
import { type ReadModelsEngine, readModels } from "./read-models.js";

/** What sagas need of an app. */
export interface SagasHost extends AppAccess {
  readonly store: Store;
  readonly logger: Logger;
  readonly options: SagaOptions;
  readonly tokens: PageTokens;
  /** The methods that the parts of the app handle. */
  readonly handled: Pick<ReadonlySet<AnyMethod>, "has">;
  /** Checks the tenant that a caller has named. */
  tenantOf(given: string | undefined): string;
}

/** Runs sagas. */
export interface SagasEngine extends Engine<"sagas"> {
  /** Runs what reads the log. */
  readonly readModels: ReadModelsEngine;
  /** Codecs of the rows that sagas are stored as. */
  rowsOf(parts: readonly Part[]): readonly AnyCodec[];
  /** Reports sagas whose parts are incomplete, and steps whose methods no part handles. */
  findFaults(
    parts: readonly Part[],
    handled: SagasHost["handled"],
    options: SagaOptions | undefined,
  ): readonly string[];
  open(parts: readonly Part[], host: SagasHost): Sagas;
}

/** The sagas of an app. */
export class Sagas {
  /** What they read of the log, and how. */
  readonly consumers: readonly EventConsumer[];
  readonly engine: SagaEngine;
  private readonly host: SagasHost;
  private readonly controls: SagaControls;
  private reading: Promise<void> | undefined;

  constructor(parts: readonly Part[], host: SagasHost) {
    this.host = host;
    const sagas = parts.filter((part) => part.kind === "saga");
    const local = localMethods(parts);
    const functions = functionMethods(parts);
    this.engine = new SagaEngine(sagas, {
      ...host,
      handles: (method) => host.handled.has(method),
      isFunction: (method) => functions.has(method),
      isLocal: (step, phase) => {
        if (step.kind !== "command" || step.forEach) return false;
        const method = phase === "do" ? step.command : step.compensation;
        return method !== undefined && local.has(method);
      },
      onChange: (key, instance) => this.controls.changed(key, instance),
    });
    // What a person demands may start child sagas.
    const change: SagasHost["change"] = (work) => host.change(() => this.beginReading().then(work));
    this.controls = new SagaControls(this.engine, { ...host, change });
    this.consumers = sagas.flatMap((part) => toSagaConsumers(part, this.engine));
  }

  /** Must be called before the consumers run. Begins no work yet. */
  async connect(bus: Bus): Promise<void> {
    await this.beginReading();
    await this.engine.connect(bus);
  }

  /** Begins to look for what is due. Commands may append from then on, so inline projections must be up to date. */
  start(): void {
    this.engine.start();
  }

  /** Begins no more commands, and resolves when none runs. */
  endWork(): Promise<void> {
    return this.engine.endWork();
  }

  /** Aborts the commands that still run, and lets other processes take them over. */
  stop(): Promise<void> {
    return this.engine.stop();
  }

  endWatches(error: unknown): void {
    this.controls.endWatches(error);
  }

  /** Returns the control of a saga. Throws `not_found` if the app has no such saga. */
  control(saga: SagaReference): ReturnType<SagaControls["of"]> {
    return this.controls.of(saga);
  }

  /** Before the first saga of this process. If it fails, the next call tries again. */
  private beginReading(): Promise<void> {
    const { store, logger } = this.host;
    this.reading ??= beginReading(store, this.consumers, logger).catch((error: unknown) => {
      this.reading = undefined;
      throw error;
    });
    return this.reading;
  }
}

const engine: SagasEngine = {
  name: "sagas",
  readModels,
  rowsOf: (parts) =>
    parts.flatMap((part) =>
      part.kind === "saga" ? [new SagaTable(part.saga).codec, new EarlyTable(part.saga).codec] : [],
    ),
  findFaults,
  open: (parts, host) => new Sagas(parts, host),
};

/** Runs sagas. Generated code refers to it. */
export const sagas: Engine<"sagas"> = engine;

/** All engines of this name are the one above. */
export function isSagas(one: Engine): one is SagasEngine {
  return one.name === "sagas";
}

/** Methods whose events are written together with the row of a saga: those of aggregates that store their events. */
function localMethods(parts: readonly Part[]): ReadonlySet<AnyMethod> {
  return new Set(
    parts.flatMap((part) =>
      part.kind === "decider" && part.aggregate.persistence !== "state"
        ? Object.values(part.aggregate.commands()).map(({ method }) => method)
        : [],
    ),
  );
}

/** Commands that are plain functions. */
function functionMethods(parts: readonly Part[]): ReadonlySet<AnyMethod | undefined> {
  return new Set(
    parts.flatMap((part) =>
      part.kind === "commands" ? Object.keys(part.handlers).map((name) => part.service.methods[name]) : [],
    ),
  );
}

function findFaults(
  parts: readonly Part[],
  handled: SagasHost["handled"],
  options: SagaOptions | undefined,
): readonly string[] {
  const all: readonly SagaPart[] = parts.filter((part) => part.kind === "saga");
  const names = new Set(all.map(({ saga }) => saga.name));
  return all.flatMap((part) => [
    ...findMissingBehaviour(part),
    ...Object.values(part.saga.steps).flatMap((step) => {
      const of = `the step ${step.name} of the saga ${part.saga.name}`;
      if (step.kind === "saga" && !names.has(step.saga().name)) {
        return [`${of} runs the saga ${step.saga().name}, which is not among the parts`];
      }
      if (step.kind !== "command" || options?.call !== undefined) return [];
      return [step.command, step.compensation]
        .filter((method) => method !== undefined && !handled.has(method))
        .map(
          (method) =>
            `${of} calls ${method?.service}.${method?.name}, which no part handles: add a handler, or pass "sagas.call"`,
        );
    }),
  ]);
}
