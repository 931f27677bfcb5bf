// Semantic rules of contracts, one per file, and their list. Name resolution happens in model. Knows no target.
import { duplicateEventType } from "./duplicate-event-type.js";
import { eventWithoutAggregate } from "./event-without-aggregate.js";
import { foreignEvent } from "./foreign-event.js";
import { httpDuplicateRoute } from "./http-duplicate-route.js";
import { idWithoutEffect } from "./id-without-effect.js";
import { nameCollision } from "./name-collision.js";
import { openapiExample } from "./openapi-example.js";
import { openapiName } from "./openapi-name.js";
import { personalFields } from "./personal-fields.js";
import { readModelWithoutEvents } from "./read-model-without-events.js";
import type { Rule } from "./rule.js";
import { sagaRules } from "./sagas/index.js";
import { snapshotOfState } from "./snapshot-of-state.js";
import { supersededChain } from "./superseded-chain.js";
import { supersededEventEmitted } from "./superseded-event-emitted.js";
import { supersededEventRead } from "./superseded-event-read.js";

/** All rules, by topic. The order does not affect the output: diagnostics are sorted. */
export const rules: readonly Rule[] = [
  eventWithoutAggregate,
  foreignEvent,
  supersededEventEmitted,
  supersededEventRead,
  duplicateEventType,
  supersededChain,
  readModelWithoutEvents,
  personalFields,
  idWithoutEffect,
  snapshotOfState,
  nameCollision,
  httpDuplicateRoute,
  openapiExample,
  openapiName,
  ...sagaRules,
];
export type { Rule } from "./rule.js";
