import { OnTimeout, type SagaStep } from "../../gen/potter/v1/options_pb.js";
import type { StepScope } from "./step-scope.js";

type ActionCase = NonNullable<SagaStep["action"]["case"]>;

/** What a step does, for messages. */
const deeds: { readonly [Case in ActionCase]: string } = {
  command: "the step sends a command",
  waitFor: "the step waits for an event",
  delay: "the step waits for a time",
  until: "the step waits for a time",
  saga: "the step runs another saga",
};

/** The actions for which an option has an effect, and whether a step sets it. */
const options: readonly {
  readonly name: string;
  readonly actions: readonly ActionCase[];
  readonly isSet: (step: SagaStep) => boolean;
}[] = [
  { name: "compensation", actions: ["command"], isSet: ({ compensation }) => compensation !== "" },
  { name: "no_compensation", actions: ["command"], isSet: ({ noCompensation }) => noCompensation },
  { name: "for_each", actions: ["command"], isSet: ({ forEach }) => forEach },
  { name: "retry", actions: ["command"], isSet: ({ retry }) => retry !== undefined },
  { name: "match", actions: ["waitFor"], isSet: ({ match }) => match !== undefined },
  { name: "ignore_early", actions: ["waitFor"], isSet: ({ ignoreEarly }) => ignoreEarly },
  { name: "timeout", actions: ["command", "waitFor", "saga"], isSet: ({ timeout }) => timeout !== undefined },
];

/** Reports options that contradict one another, or have no effect on what the step does. */
export function checkOptions(scope: StepScope): void {
  const { options: step, desc } = scope;
  const { case: action } = step.action;
  if (step.compensation !== "" && step.noCompensation) {
    scope.report("saga-compensation-contradiction", step.name, desc.name);
  }
  if (action === undefined) return;
  for (const { name, actions, isSet } of options) {
    if (isSet(step) && !actions.includes(action))
      scope.report("saga-option-without-effect", name, scope.title, deeds[action]);
  }
  if (step.onTimeout === OnTimeout.UNSPECIFIED) return;
  // A wait without a timeout is an error of its own.
  if (step.timeout === undefined && action !== "waitFor") {
    scope.report("saga-option-without-effect", "on_timeout", scope.title, "the step has no timeout");
  }
  if (step.onTimeout === OnTimeout.RETRY && action !== "command") {
    scope.report("saga-timeout-retry", scope.title, deeds[action]);
  }
}
