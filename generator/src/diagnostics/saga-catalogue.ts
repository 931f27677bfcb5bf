import { error, warning } from "./entry.js";

const meant = (suggestion: string): string | undefined =>
  suggestion === "" ? undefined : `did you mean "${suggestion}"?`;

/** The diagnostics of sagas: their messages and hints, by code. */
export const sagaCatalogue = {
  "saga-without-id": error(
    (saga: string, field: string) => `${saga} has no id: no field is marked as id or named "${field}" or "id"`,
    () => "mark a field with [(potter.v1.field).id = true]",
  ),
  "saga-without-steps": error(
    (saga: string) => `${saga} has no step`,
    () => 'add at least one "step"',
  ),
  "saga-version-zero": error(
    (option: string, element: string) => `"${option}" of ${element} is 0`,
    () => "versions start at 1; remove the option for the default",
  ),
  "saga-versions": error(
    (step: string, why: string, _hint: string) => `${step} ${why}`,
    (_step, _why, hint) => hint,
  ),
  "saga-step-action": error(
    (step: string, saga: string) => `step "${step}" of ${saga} does nothing`,
    () => 'set "command", "wait_for", "delay", "until" or "saga"',
  ),
  "saga-step-name": error(
    (step: string, saga: string) => `${saga} has two steps named "${step}"`,
    () => "rename one of them",
  ),
  "saga-step-unnamed": error(
    (saga: string) => `${saga} has a step without a name`,
    () => 'set "name" of the step',
  ),
  "saga-step-name-format": error(
    (step: string, saga: string) => `the step name "${step}" of ${saga} is invalid`,
    () => "use lower_snake_case or lowerCamelCase: a lower-case letter, then letters, digits and single underscores",
  ),
  "saga-option-without-effect": error(
    (option: string, step: string, why: string) => `"${option}" of ${step} has no effect: ${why}`,
    () => "remove it",
  ),
  "saga-query": error(
    (option: string, step: string, rpc: string) => `"${option}" of ${step} names ${rpc}, which is a query`,
    () =>
      "name a command; an rpc with side effects whose name begins like that of a query needs option (potter.v1.command)",
  ),
  "saga-stream": error(
    (option: string, step: string, rpc: string) => `"${option}" of ${step} names ${rpc}, which is a streaming rpc`,
    () => "name a unary rpc: a saga records one response",
  ),
  "saga-step-without-compensation": error(
    (step: string, saga: string, pivot: string) =>
      pivot === ""
        ? `step "${step}" of ${saga} has no compensation, and the saga has no pivot`
        : `step "${step}" of ${saga} has no compensation, and does not follow the pivot "${pivot}"`,
    () => 'set "compensation", or "no_compensation: true" if the step has no effect to undo',
  ),
  "saga-compensation-contradiction": error(
    (step: string, saga: string) => `step "${step}" of ${saga} has both "compensation" and "no_compensation"`,
    () => "remove one of them",
  ),
  "saga-child-without-compensation": error(
    (step: string, child: string, why: string) => `${step} may have to be undone, but ${child} cannot be: ${why}`,
    (_step, child) => `give every step of ${child} a compensation and none a pivot, or run it after the pivot`,
  ),
  "saga-after-pivot": error(
    (step: string, pivot: string) =>
      `"compensation" of ${step} has no effect: the step follows the pivot "${pivot}", after which nothing is compensated`,
    () => "remove it, or move the pivot",
  ),
  "saga-attempts-after-pivot": warning(
    (step: string, pivot: string) =>
      `"max_attempts" of ${step} has no effect: the step follows the pivot "${pivot}", after which steps are retried until they succeed`,
    () => "remove it, or move the pivot",
  ),
  "saga-without-subject": warning(
    (saga: string) => `${saga} has personal fields but no subject: its rows store them in clear text`,
    () => "mark the field that identifies the data subject with [(potter.v1.field).subject = true]",
  ),
  "saga-timeout-after-pivot": error(
    (step: string, pivot: string) =>
      `a timeout of ${step} would compensate, but the step follows the pivot "${pivot}", after which nothing is compensated`,
    () => 'set "on_timeout" to ON_TIMEOUT_CONTINUE, or to ON_TIMEOUT_RETRY for a command',
  ),
  "saga-wait-without-timeout": error(
    (step: string, saga: string) => `step "${step}" of ${saga} waits for an event without a timeout`,
    () => 'set "timeout" of the step',
  ),
  "saga-timeout-retry": error(
    (step: string, why: string) => `"on_timeout" of ${step} is ON_TIMEOUT_RETRY, but ${why}`,
    () => "only commands are retried: use ON_TIMEOUT_COMPENSATE or ON_TIMEOUT_CONTINUE",
  ),
  "saga-retry": error(
    (step: string, why: string) => `"retry" of ${step} is contradictory: ${why}`,
    () => "correct the retry policy, or remove it for the default",
  ),
  "saga-deadline": error(
    (option: string, step: string, saga: string) =>
      `"${option}" of ${step} is not shorter than "deadline" of ${saga}, which passes first`,
    () => 'shorten it, or extend "deadline"',
  ),
  "saga-unknown-step": error(
    (name: string, step: string, saga: string, _suggestion: string) =>
      `"after" of step "${step}" of ${saga} names the unknown step "${name}"`,
    (_name, _step, _saga, suggestion) => meant(suggestion),
  ),
  "saga-unknown-field": error(
    (option: string, step: string, name: string, message: string, _suggestion: string) =>
      `"${option}" of ${step} names the unknown field "${name}" of ${message}`,
    (_option, _step, _name, _message, suggestion) => meant(suggestion),
  ),
  "saga-match": error(
    (step: string, event: string, id: string) =>
      `${step} matches no ${event}: the event has no field "${id}", the id of the saga`,
    () => 'set "match": the field of the event, and the field of the saga that is equal to it',
  ),
  "saga-match-type": error(
    (step: string, event: string, saga: string, why: string) =>
      `${step} matches ${event} with ${saga}, which must both be strings or both integers, singular and in no oneof, but ${why}`,
    () => 'name other fields in "match"',
  ),
  "saga-until-type": error(
    (step: string, field: string) => `"until" of ${step} names the field "${field}", which is no singular Timestamp`,
    () => "use a field of type google.protobuf.Timestamp outside of any oneof",
  ),
  "saga-cycle": error(
    (saga: string, steps: string) => `the steps of ${saga} form a cycle: ${steps}`,
    () => 'remove one "after"',
  ),
  "saga-child-cycle": error(
    (step: string, sagas: string) => `${step} starts a saga that leads back to it: ${sagas}`,
    () => "break the cycle: each of these sagas would start another one for ever",
  ),
  "saga-pivots": error(
    (saga: string, steps: string) => `${saga} has more than one pivot: ${steps}`,
    () => 'set "pivot" on one step: the point of no return',
  ),
  "saga-event-not-stored": error(
    (saga: string, option: string, event: string, aggregate: string) =>
      `"${option}" of ${saga} names ${event}, but ${aggregate} stores its state and no events`,
    (_saga, _option, _event, aggregate) =>
      `store the events of ${aggregate}, or let the command that records the event do the work`,
  ),
  "saga-superseded-event": error(
    (saga: string, option: string, event: string, current: string) =>
      `"${option}" of ${saga} names ${event}, which ${current} supersedes`,
    (_saga, _option, event, current) => `name ${current}: stored events of ${event} are upcast to ${current}`,
  ),
} as const;
