import type { Surface } from "../findings/index.js";
import { aggregateStorage } from "./aggregates/aggregate-storage.js";
import { channels } from "./asyncapi/channels.js";
import { payloads } from "./asyncapi/payloads.js";
import { commandCreates } from "./commands/command-creates.js";
import { commandEmits } from "./commands/command-emits.js";
import { commandErrors, errorCode } from "./commands/command-errors.js";
import { commandTarget } from "./commands/command-target.js";
import { errorNames } from "./commands/error-names.js";
import { errorFields, responseValues, streamFields } from "./commands/received-fields.js";
import { requestRules } from "./commands/request-rules.js";
import { rpcTenant, rpcTimeout } from "./commands/rpc-limits.js";
import { rpcRole } from "./commands/rpc-role.js";
import { rpcSet } from "./commands/rpc-set.js";
import { waitTargets } from "./commands/wait-targets.js";
import { eventAggregate } from "./events/event-aggregate.js";
import { eventPayload } from "./events/event-payload.js";
import { eventSet } from "./events/event-set.js";
import { eventUpcast } from "./events/event-upcast.js";
import { personalFields, personalSubject } from "./personal/personal-fields.js";
import { readModelEvents, readModelRows } from "./read-models/read-models.js";
import { requestFields, responseFields } from "./rest/message-fields.js";
import { routeMapping } from "./rest/route-mapping.js";
import { routeSet } from "./rest/route-set.js";
import { successStatus } from "./rest/success-status.js";
import type { Rule } from "./rule.js";
import { sagaData, sagaSet, sagaStart } from "./sagas/saga-set.js";
import { sagaActions, sagaSteps, sagaTiming } from "./sagas/saga-steps.js";

/** The rules of each surface. Those of the wire are buf's, and those of GraphQL are graphql-inspector's. */
export const rules: Readonly<Partial<Record<Surface, readonly Rule[]>>> = {
  events: [eventSet, eventPayload, eventAggregate, eventUpcast],
  aggregates: [aggregateStorage],
  commands: [
    rpcSet,
    rpcRole,
    commandTarget,
    commandCreates,
    commandEmits,
    commandErrors,
    errorCode,
    errorNames,
    errorFields,
    streamFields,
    responseValues,
    waitTargets,
    rpcTimeout,
    rpcTenant,
    requestRules,
  ],
  sagas: [sagaSet, sagaData, sagaStart, sagaSteps, sagaActions, sagaTiming],
  "read-models": [readModelRows, readModelEvents],
  rest: [routeSet, routeMapping, successStatus, requestFields, responseFields],
  asyncapi: [channels, payloads],
  "personal-data": [personalFields, personalSubject],
};
