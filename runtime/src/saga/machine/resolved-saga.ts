import { PotterError } from "../../errors/index.js";
import type { AnyStepBehaviour, SagaPart, StepDefinition } from "../declaration/index.js";

/** A step with its behaviour, as one version of its saga has it. */
export interface ResolvedStep {
  /** Proto name. */
  readonly name: string;
  readonly definition: StepDefinition;
  readonly behaviour: AnyStepBehaviour;
  /** The steps of this version that come before it. */
  readonly after: readonly string[];
  /** The steps that come after it, also by way of others: those in between may have nothing to undo. */
  readonly dependents: readonly string[];
  /** Its command and the saga's row are written by one transaction: no attempt can have an effect that the row does not show. */
  readonly isLocal: boolean;
  /** The same for its compensation. */
  readonly isUndoneLocally: boolean;
}

/** The steps of one version of a saga, by name, in the order of the contract. */
export type ResolvedSteps = ReadonlyMap<string, ResolvedStep>;

/** Whether the command of a step, or its compensation, is written in one transaction with the row. */
export type IsLocal = (definition: StepDefinition, phase: "do" | "undo") => boolean;

/** A declared saga, with its steps resolved for each version. */
export class ResolvedSaga {
  readonly part: SagaPart;
  private readonly isLocal: IsLocal;
  private readonly versions = new Map<number, ResolvedSteps>();

  constructor(part: SagaPart, isLocal: IsLocal = () => false) {
    this.part = part;
    this.isLocal = isLocal;
  }

  /** Full proto name of the data. */
  get name(): string {
    return this.part.saga.name;
  }

  steps(version: number): ResolvedSteps {
    let steps = this.versions.get(version);
    if (steps === undefined) {
      steps = this.resolve(version);
      this.versions.set(version, steps);
    }
    return steps;
  }

  private resolve(version: number): ResolvedSteps {
    const { saga, behaviour } = this.part;
    const present = Object.entries(saga.steps).filter(
      ([, { sinceVersion = 1, untilVersion = version }]) => sinceVersion <= version && version <= untilVersion,
    );
    const names = new Set(present.map(([, { name }]) => name));
    return new Map(
      present.map(([localName, definition]) => [
        definition.name,
        {
          name: definition.name,
          definition,
          behaviour: behaviour.steps[localName] ?? {},
          after: definition.after.filter((name) => names.has(name)),
          dependents: dependentsOf(
            definition.name,
            present.map(([, step]) => step),
          ),
          isLocal: this.isLocal(definition, "do"),
          isUndoneLocally: this.isLocal(definition, "undo"),
        },
      ]),
    );
  }
}

/** The steps that come after a step, directly or by way of others. */
function dependentsOf(name: string, steps: readonly StepDefinition[]): readonly string[] {
  const found = new Set([name]);
  for (let size = 0; size < found.size; ) {
    ({ size } = found);
    for (const step of steps) if (step.after.some((before) => found.has(before))) found.add(step.name);
  }
  found.delete(name);
  return [...found];
}

/** Reports functions that the types require, but that code without type checking may lack. */
export function findMissingBehaviour({ saga, behaviour }: SagaPart): readonly string[] {
  const missing = (name: string) => `the saga ${saga.name} has no "${name}"`;
  const isFunction = (value: unknown): boolean => typeof value === "function";
  return [
    ...(saga.startsOn !== undefined && !isFunction(behaviour.start) ? [missing("start")] : []),
    ...Object.entries(saga.steps).flatMap(([localName, step]) => {
      const own = behaviour.steps[localName] ?? {};
      const needed: (keyof AnyStepBehaviour)[] = [];
      if (step.when) needed.push("when");
      if (step.kind === "command") {
        needed.push(step.forEach ? "commands" : "command");
        if (step.compensation !== undefined) needed.push("compensation");
      }
      if (step.kind === "saga") needed.push("start");
      return needed.filter((name) => !isFunction(own[name])).map((name) => missing(`steps.${localName}.${name}`));
    }),
  ];
}

/** Returns a step. Throws `failed_precondition` if the definition lost it. */
export function stepOf(steps: ResolvedSteps, name: string): ResolvedStep {
  const step = steps.get(name);
  if (step !== undefined) return step;
  throw new PotterError("failed_precondition", `the saga has no step ${name} in this version`);
}
