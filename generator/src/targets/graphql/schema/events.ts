import { type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { type GraphQLFieldConfig, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLUnionType } from "graphql";
import { type AggregateModel, graphqlOptionNumbers } from "../../../model/index.js";
import { type EventsBinding, id, scalarOf, timestamp } from "../contract/index.js";
import { lowerFirst, NameScope, partOf, toFieldName, toTypeName } from "../names/index.js";
import { describe, type Types } from "../types/index.js";

/** Whether an aggregate gets an event subscription. Reports what prevents a requested one. */
export function hasEvents(types: Types, { desc, events, persistence }: AggregateModel): boolean {
  if (!types.facts.type(desc).events) return false;
  const ref = { desc, option: graphqlOptionNumbers.type };
  if (persistence === "state") {
    types.diagnostics.report(
      "graphql-option",
      ref,
      "events",
      desc.name,
      "its state is persisted, so it has no event log",
    );
    return false;
  }
  if (events.length === 0) {
    types.diagnostics.report("graphql-option", ref, "events", desc.name, "it emits no events");
    return false;
  }
  return true;
}

/** Reports event subscriptions requested for messages that are not aggregates. */
export function checkEvents(types: Types, desc: DescMessage, aggregates: ReadonlySet<DescMessage>): void {
  if (!types.facts.type(desc).events || aggregates.has(desc)) return;
  const ref = { desc, option: graphqlOptionNumbers.type };
  types.diagnostics.report("graphql-option", ref, "events", desc.name, "it is not an aggregate");
}

/** Builds the subscription to the events of an aggregate. */
export function buildEvents(
  types: Types,
  aggregate: AggregateModel,
): { readonly name: string; readonly field: GraphQLFieldConfig<unknown, unknown>; readonly binding: EventsBinding } {
  const { desc } = aggregate;
  const name = toTypeName(desc);
  const scope = new NameScope(["position", "version", "at", "event"]);
  const idName = scope.take(toFieldName(aggregate.id), "id");
  const unionName = types.names.derive(`${name}Event`, partOf(desc, "event"));
  const recordedName = types.names.derive(`${name}RecordedEvent`, partOf(desc, "recorded event"));
  const union = new GraphQLUnionType({
    name: unionName,
    description: `What can happen to ${name}.`,
    types: () => aggregate.events.map((event) => types.object(event.desc)),
  });
  const recorded = new GraphQLObjectType({
    name: recordedName,
    description: `An event of ${name}, as it was recorded.`,
    fields: () => ({
      position: {
        type: new GraphQLNonNull(scalarOf(ScalarType.INT64)),
        description: "The position of the event: pass it as `after` to resume from here.",
      },
      [idName]: { type: new GraphQLNonNull(id), ...describe(aggregate.id) },
      version: {
        type: new GraphQLNonNull(GraphQLInt),
        description: "The version of the aggregate after the event, from 1.",
      },
      at: { type: new GraphQLNonNull(timestamp), description: "When it was recorded." },
      event: { type: new GraphQLNonNull(union), description: "What happened." },
    }),
  });
  const field = {
    type: new GraphQLNonNull(recorded),
    description: `The events of ${name} as they are recorded.`,
    args: {
      [idName]: { type: id, description: "Only those of this id. Default: of all." },
      after: {
        type: scalarOf(ScalarType.INT64),
        description:
          "First those that were recorded beyond this position; `0`: all there are. Default: only what comes from now on.",
      },
    },
  };
  const eventTypes = aggregate.events.map(({ localName, desc: event }) => [localName, types.object(event).name]);
  const binding = { aggregate, id: idName, events: Object.fromEntries(eventTypes) as Record<string, string> };
  return { name: `${lowerFirst(name)}Events`, field, binding };
}
