import type { SagaDefinition } from "../declaration/index.js";
import type { ResolvedSaga, SagaInstance, StepState } from "../machine/index.js";

/** Why a saga that has not ended cannot go on as its journal says. */
export interface SagaProblem {
  /** The id of the saga. */
  readonly id: string;
  /** Its tenant; empty: none. */
  readonly tenant: string;
  /** The version that it started with. */
  readonly version: number;
  /** What does not match, in words. */
  readonly problem: string;
}

/** Compares the journal of a saga with the definition of the app. `known`: the sagas of the app. */
export function findProblems(
  resolved: ResolvedSaga,
  known: { has(type: string): boolean },
  saga: SagaInstance,
): readonly SagaProblem[] {
  const { id, tenant, version, origin } = saga;
  const { parent } = origin;
  const definition = resolved.part.saga;
  const problems = version > definition.version ? [describeVersion(definition, version)] : compare(resolved, saga);
  const isOrphan = parent !== undefined && !known.has(parent.type);
  const all = isOrphan ? [describeParent(parent.type), ...problems] : problems;
  return all.map((problem) => ({ id, tenant, version, problem }));
}

function describeParent(type: string): string {
  return `its parent is a saga ${type}, which this app does not have: it waits for a process with it`;
}

function describeVersion({ version }: SagaDefinition, found: number): string {
  return `it has version ${found}, this app has version ${version}: it waits for a process with a newer one`;
}

function compare(resolved: ResolvedSaga, { version, steps }: SagaInstance): readonly string[] {
  const known = resolved.steps(version);
  const lost = Object.keys(steps).filter((name) => !known.has(name));
  const added = [...known.keys()].filter((name) => !(name in steps));
  return [
    ...lost.map((name) => `the definition has lost the step ${name}: it is suspended; restore the step`),
    ...added.map((name) => `version ${version} has a new step ${name}: give it since_version, and raise the version`),
    ...[...known.values()].flatMap(({ name, definition: { kind }, after }) => {
      const state = steps[name];
      if (state === undefined) return [];
      const early = isBegun(state) ? after.filter((one) => steps[one]?.status === "waiting") : [];
      return [
        ...(isOfKind(state, kind) ? [] : [`the step ${name} has done what a step of the kind "${kind}" does not do`]),
        ...early.map((one) => `the step ${name} has begun before ${one}, which now comes first`),
      ];
    }),
  ];
}

/** Whether a step has done more than to wait. A person may skip a step at any time. */
function isBegun({ status }: StepState): boolean {
  return status !== "waiting" && status !== "skipped";
}

/** Only steps that call or start something have commands, only timers have a time, and only child sagas a child. */
function isOfKind({ commands, child, timerAt }: StepState, kind: string): boolean {
  if (child !== undefined) return kind === "saga";
  if (timerAt !== undefined) return kind === "timer";
  return commands.length === 0 || kind === "command";
}
