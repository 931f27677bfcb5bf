// The rules of sagas, one per file.
import type { Rule } from "../rule.js";
import { sagaChildren } from "./saga-children.js";
import { sagaDeadline } from "./saga-deadline.js";
import { sagaEvents } from "./saga-events.js";
import { sagaPivot } from "./saga-pivot.js";
import { sagaSteps } from "./saga-steps.js";
import { sagaVersions } from "./saga-versions.js";

/** All rules of sagas. */
export const sagaRules: readonly Rule[] = [sagaSteps, sagaVersions, sagaPivot, sagaEvents, sagaChildren, sagaDeadline];
