import {
  type AggregatesEngine,
  isAggregates,
  isReadModels,
  type Part,
  type ReadModelsEngine,
} from "../engines/index.js";
import type { Engine } from "../message/index.js";

/** The engines of an app. Absent: no part brings it. */
export interface Engines {
  readonly aggregates?: AggregatesEngine;
  readonly readModels?: ReadModelsEngine;
}

/** Returns the engines that the definitions of an app bring. */
export function enginesOf(parts: readonly Part[]): Engines {
  const brought = parts.flatMap(broughtBy);
  const aggregates = brought.find(isAggregates);
  const readModels = brought.find(isReadModels);
  return { ...(aggregates && { aggregates }), ...(readModels && { readModels }) };
}

function broughtBy(part: Part): readonly Engine[] {
  if (part.kind === "decider") return [part.aggregate.engine];
  if (part.kind === "projection") return [part.readModel.engine];
  return Object.values(part.service.views()).map(({ definition }) => definition.engine);
}
