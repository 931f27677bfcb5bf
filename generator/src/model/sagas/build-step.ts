import type { DescField } from "@bufbuild/protobuf";
import { type Duration, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { OnTimeout, type RetryPolicy, type SagaStep } from "../../gen/potter/v1/options_pb.js";
import type { Draft } from "../contract.js";
import type { MethodModel } from "../model.js";
import { toProperty } from "../names.js";
import { buildMatch } from "./event-match.js";
import { checkOptions } from "./option-effects.js";
import type * as M from "./saga-model.js";
import { type SagaScope, StepScope } from "./step-scope.js";

const onTimeouts = {
  [OnTimeout.UNSPECIFIED]: "compensate",
  [OnTimeout.COMPENSATE]: "compensate",
  [OnTimeout.RETRY]: "retry",
  [OnTimeout.CONTINUE]: "continue",
} as const;

const validName = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$|^[a-z][a-zA-Z0-9]*$/;

/** Builds a step, without links to other steps. */
export function buildStep(saga: SagaScope, options: SagaStep): Draft<M.SagaStepModel> {
  const scope = new StepScope(saga, options);
  const { name, when, pivot } = options;
  if (name === "") scope.report("saga-step-unnamed", saga.desc.name);
  else if (!validName.test(name)) scope.report("saga-step-name-format", name, saga.desc.name);
  checkOptions(scope);
  const common = {
    name,
    localName: toProperty(name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())),
    after: [],
    when,
    pivot,
    timeout: scope.duration(options.timeout, "timeout"),
    onTimeout: onTimeouts[options.onTimeout],
    sinceVersion: scope.version(options.sinceVersion, "since_version"),
    untilVersion: scope.version(options.untilVersion, "until_version"),
  };
  const action = buildAction(scope);
  return action === undefined ? { kind: "unresolved", ...common } : { ...action, ...common };
}

type Action<S extends M.SagaStepModel = M.ResolvedStepModel> = S extends unknown ? Omit<S, keyof M.AnySagaStep> : never;

function buildAction(scope: StepScope): Action | undefined {
  const { action } = scope.options;
  switch (action.case) {
    case "command":
      return buildCommand(scope, action.value);
    case "waitFor":
      return buildWait(scope, action.value);
    case "delay":
      return buildDelay(scope, action.value);
    case "until":
      return buildUntil(scope, action.value);
    case "saga":
      return buildChild(scope, action.value);
    default:
      scope.report("saga-step-action", scope.options.name, scope.desc.name);
      return undefined;
  }
}

function buildCommand(scope: StepScope, name: string): Action<M.CommandStepModel> | undefined {
  const { compensation, noCompensation, forEach } = scope.options;
  const command = resolveCommand(scope, name, "command");
  const undo = compensation === "" ? undefined : resolveCommand(scope, compensation, "compensation");
  const retry = buildRetry(scope);
  if (command === undefined) return undefined;
  const compensable = compensation !== "" || noCompensation;
  return { kind: "command", command, compensation: undo, compensable, forEach, retry };
}

function resolveCommand(scope: StepScope, name: string, option: "command" | "compensation"): MethodModel | undefined {
  const { contract, desc } = scope;
  const found = contract.resolver.method(name, desc.typeName, scope.refTo(option));
  const method = found && contract.method.get(found);
  if (method === undefined) return undefined;
  const rpc = `${method.desc.parent.name}.${method.name}`;
  const focused = { ...scope.refTo(option), focus: `"${name}"` };
  if (method.role.kind === "query") contract.diagnostics.report("saga-query", focused, option, scope.title, rpc);
  else if (method.stream !== "unary") contract.diagnostics.report("saga-stream", focused, option, scope.title, rpc);
  else return method;
  return undefined;
}

function buildWait(scope: StepScope, name: string): Action<M.EventStepModel> | undefined {
  const { contract, desc, options } = scope;
  if (options.timeout === undefined) scope.report("saga-wait-without-timeout", options.name, desc.name);
  const event = contract.reference("event", name, desc.typeName, scope.refTo("wait_for"));
  const match = event && buildMatch(scope, event);
  return event && match && { kind: "event", event, match, ignoreEarly: options.ignoreEarly };
}

function buildDelay(scope: StepScope, delay: Duration): Action<M.TimerStepModel> | undefined {
  const time = scope.duration(delay, "delay");
  return time === undefined ? undefined : { kind: "timer", time };
}

function buildUntil(scope: StepScope, name: string): Action<M.TimerStepModel> | undefined {
  const field = scope.field(scope.desc, name, "until");
  if (field === undefined || isTimestamp(field)) return field && { kind: "timer", time: field };
  const focused = { ...scope.refTo("until"), focus: `"${name}"` };
  scope.contract.diagnostics.report("saga-until-type", focused, scope.title, name);
  return undefined;
}

function isTimestamp(field: DescField): boolean {
  return field.fieldKind === "message" && field.message.typeName === TimestampSchema.typeName && !field.oneof;
}

function buildChild(scope: StepScope, name: string): Action<M.ChildStepModel> | undefined {
  const saga = scope.contract.reference("saga", name, scope.desc.typeName, scope.refTo("saga"));
  const retry = buildRetry(scope);
  return saga && { kind: "saga", saga, retry };
}

function buildRetry(scope: StepScope): M.RetryModel {
  const { maxAttempts: limit, initialDelay, maxDelay }: Partial<RetryPolicy> = scope.options.retry ?? {};
  const maxAttempts = limit ?? 5;
  const retry = {
    maxAttempts,
    isLimited: limit !== undefined,
    initialDelay: scope.duration(initialDelay, "initial_delay") ?? 200,
    maxDelay: scope.duration(maxDelay, "max_delay") ?? 30_000,
  };
  if (maxAttempts === 0) scope.report("saga-retry", scope.title, '"max_attempts" is 0, and the first attempt counts');
  if (retry.initialDelay > retry.maxDelay) {
    scope.report("saga-retry", scope.title, '"initial_delay" is longer than "max_delay"');
  }
  return retry;
}
