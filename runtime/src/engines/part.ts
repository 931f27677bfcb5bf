import type { AnyDeciderPart } from "../aggregate/index.js";
import type { HandlersPart } from "../cqrs/index.js";
import type { ProjectionPart } from "../projection/index.js";
import type { ReactionPart } from "../reaction/index.js";
import type { SagaPart } from "../saga/declaration/index.js";
import type { ScheduledCommandsPart, SchedulePart } from "../schedule/index.js";

/** A part of an app, declared by application code: a decider, a projection, a reaction, a saga, a schedule, or handlers. */
export type Part =
  | AnyDeciderPart
  | ProjectionPart
  | ReactionPart
  | SagaPart
  | ScheduledCommandsPart
  | SchedulePart
  | HandlersPart;
