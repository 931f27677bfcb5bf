import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { isIdType } from "../id-field.js";
import type { EventModel } from "../model.js";
import type { EventStepModel } from "./saga-model.js";
import type { StepScope } from "./step-scope.js";

type Match = EventStepModel["match"];

/** Determines which field of an event equals which field of the saga. Reports what does not exist or cannot be equal. */
export function buildMatch(scope: StepScope, event: EventModel): Match | undefined {
  const { desc, options, id } = scope;
  if (id === undefined) return undefined;
  if (options.match === undefined) return findMatch(scope, event, id);
  const { eventField, sagaField } = options.match;
  const saga = sagaField === "" ? id : scope.field(desc, sagaField, "saga_field");
  if (saga === undefined) return undefined;
  const own = scope.field(event.desc, eventField || saga.name, "event_field");
  return own && check(scope, { event: own, saga });
}

/** Finds the fields that match by their names: the saga's id, or else the id of the event's aggregate. */
function findMatch(scope: StepScope, event: EventModel, id: DescField): Match | undefined {
  const field = ({ fields }: EventModel["desc"], name: string | undefined) => fields.find((one) => one.name === name);
  const byId = field(event.desc, id.name);
  if (byId !== undefined) return check(scope, { event: byId, saga: id });
  const shared = event.aggregate?.id.name;
  const [own, saga] = [field(event.desc, shared), field(scope.desc, shared)];
  if (own !== undefined && saga !== undefined) return check(scope, { event: own, saga });
  scope.report("saga-match", scope.title, event.desc.name, id.name);
  return undefined;
}

function check(scope: StepScope, match: Match): Match | undefined {
  const [event, saga] = [match.event, match.saga].map((field) => `${field.parent.name}.${field.name}`) as [
    string,
    string,
  ];
  const unfit = [match.event, match.saga].find((field) => !isIdType(field));
  if (unfit !== undefined) {
    scope.report("saga-match-type", scope.title, event, saga, `${unfit.parent.name}.${unfit.name} is neither`);
  } else if (isText(match.event) !== isText(match.saga)) {
    scope.report("saga-match-type", scope.title, event, saga, "one is a string, the other an integer");
  } else return match;
  return undefined;
}

function isText(field: DescField): boolean {
  return field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
}
