import { optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Only aggregates that store events have snapshots. */
export const snapshotOfState: Rule = (model, diagnostics) => {
  for (const aggregate of model.all.flatMap(({ aggregates }) => aggregates)) {
    if (aggregate.persistence !== "state") continue;
    const { desc } = aggregate;
    const policies = {
      snapshot_every: aggregate.snapshotEvery,
      snapshot_after: aggregate.snapshotAfter,
      snapshot_size: aggregate.snapshotSize,
    };
    for (const [option, value] of Object.entries(policies)) {
      if (value === undefined) continue;
      diagnostics.report(
        "snapshot-of-state",
        { desc, option: optionNumbers.aggregate, focus: option },
        desc.name,
        option,
      );
    }
  }
};
