import type { Diagnostics } from "../../diagnostics/index.js";
import { type EventModel, optionNumbers, type SagaModel } from "../../model/index.js";
import type { Rule } from "../rule.js";

/** A saga starts on and waits for current versions of events that are stored. */
export const sagaEvents: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    if (saga.startsOn !== undefined) check(saga, "starts_on", saga.startsOn, diagnostics);
    for (const step of saga.steps) if (step.kind === "event") check(saga, "wait_for", step.event, diagnostics);
  }
};

function check({ desc }: SagaModel, option: string, event: EventModel, diagnostics: Diagnostics): void {
  const ref = { desc, option: optionNumbers.saga, focus: event.desc.name, key: option };
  const { aggregate, supersededBy } = event;
  if (aggregate?.persistence === "state") {
    diagnostics.report("saga-event-not-stored", ref, desc.name, option, event.desc.name, aggregate.desc.name);
  }
  if (supersededBy !== undefined) {
    diagnostics.report("saga-superseded-event", ref, desc.name, option, event.desc.name, supersededBy.desc.name);
  }
}
