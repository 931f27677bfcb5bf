import type { AnyDeciderPart } from "../aggregate/index.js";
import type { HandlersPart } from "../cqrs/index.js";
import type { ProjectionPart } from "../projection/index.js";

/** A part of an app, declared by application code: a decider, a projection, or handlers. */
export type Part = AnyDeciderPart | ProjectionPart | HandlersPart;
