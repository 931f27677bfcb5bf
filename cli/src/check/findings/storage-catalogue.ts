import { entriesOf } from "./entry.js";

const events = entriesOf("events");
const aggregates = entriesOf("aggregates");
const sagas = entriesOf("sagas");
const readModels = entriesOf("read-models");
const personal = entriesOf("personal-data");

/** What affects stored data: events, states, sagas, read models, personal fields. */
export const storageCatalogue = {
  "event-removed": events.breaking({
    summary: "An event type, or a version of it, is gone",
    example: ["order.placed version 1", "order.placed version 1", "shop.OrderPlaced"],
    message: (event: string, _message: string) => `the contract no longer has the event ${event}`,
    effect: "commands on streams that contain it, projections and reactions fail with data_loss",
    remedy: (event: string, message: string) =>
      `keep the message, with superseded_by if a newer one replaces it; if ${message} was only renamed, set (potter.v1.event).type to ${JSON.stringify(event.split(" ")[0])}`,
  }),
  "event-misread": events.breaking({
    summary: "A field of an event has another number, kind or meaning, or has become required",
    example: [
      "order.placed version 1",
      "order.placed version 1",
      "shop.OrderPlaced.total, number 3, was int32 and is string",
    ],
    message: (event: string, fault: string) => `stored events ${event} would be misread: ${fault}`,
    effect: "the service refuses to start on a store that knows the earlier declaration",
    remedy: "restore the field, or declare a new version of the event that supersedes the old one",
  }),
  "event-field-removed": events.dangerous({
    summary: "A field that stored events can have is gone",
    example: ["order.placed version 1: shop.OrderPlaced.note", "order.placed version 1", "shop.OrderPlaced.note"],
    message: (event: string, field: string) => `the event ${event} no longer has the field ${field}`,
    effect: "states, read models and sagas that are built from stored events no longer see its values",
    remedy: "keep the field, or reserve its number and name if no code needs its values any more",
  }),
  "event-aggregate-changed": events.breaking({
    summary: "An event belongs to another aggregate",
    example: ["order.placed version 1", "order.placed version 1", "Order", "Cart"],
    message: (event: string, before: string, now: string) =>
      `the event ${event} belonged to ${before} and belongs to ${now}`,
    effect: (_event: string, before: string) =>
      `streams of ${before} contain events that its decider does not know: their commands fail with data_loss`,
    remedy: (_event: string, before: string) =>
      `set (potter.v1.event).aggregate to ${JSON.stringify(before)}, and declare a new event for the other aggregate`,
  }),
  "event-upcast-changed": events.dangerous({
    summary: "A superseded event leads to another message, or to none",
    example: ["order.placed version 1", "order.placed version 1", "OrderPlaced", "superseded by none"],
    message: (event: string, before: string, now: string) =>
      `the event ${event} was superseded by ${before}, and is now ${now}`,
    effect: "code that read stored events as the later message receives something else",
    remedy: (_event: string, before: string) => `restore superseded_by: ${JSON.stringify(before)}`,
  }),
  "event-superseded": events.compatible({
    summary: "A newer version supersedes an event",
    example: ["order.placed version 1", "order.placed version 1", "order.placed version 2"],
    message: (event: string, now: string) => `the event ${event} is superseded by ${now}`,
    effect: "while a deployment runs, old processes refuse to decide on streams that have the new version",
    remedy: "first release the code that reads the new version, later the code that writes it",
  }),
  "event-added": events.compatible({
    summary: "A new event",
    example: ["order.shipped version 1", "order.shipped version 1"],
    message: (event: string) => `the event ${event} is new`,
    effect: "while a deployment runs, old processes refuse to decide on streams that have it",
    remedy: "first release the code that reads the event, later the code that writes it",
  }),
  "aggregate-type-removed": aggregates.breaking({
    summary: "The stored type of an aggregate has changed, or the aggregate is gone",
    example: ["shop.order", "shop.order", "shop.purchase"],
    message: (type: string, now: string) =>
      now === "" ? `no aggregate has the stored type ${type} any more` : `the stored type ${type} has become ${now}`,
    effect: "its streams are not found: existing aggregates look as if they did not exist",
    remedy: (type: string) => `set (potter.v1.aggregate).type to ${JSON.stringify(type)}`,
  }),
  "aggregate-persistence-changed": aggregates.breaking({
    summary: "An aggregate stores events instead of its state, or the other way round",
    example: ["shop.Order", "shop.Order", "events", "its state"],
    message: (type: string, before: string, now: string) => `the aggregate ${type} stored ${before} and stores ${now}`,
    effect: "what is stored is not read: existing aggregates look as if they did not exist",
    remedy: "restore the persistence, or declare a new aggregate and copy the data by commands",
  }),
  "saga-removed": sagas.breaking({
    summary: "A saga is gone, or has another name",
    example: ["shop.Checkout", "shop.Checkout"],
    message: (saga: string) => `the contract no longer has the saga ${saga}`,
    effect: "instances in flight neither continue nor are compensated",
    remedy: "keep the message under its full name until no instance runs; only then remove it",
  }),
  "saga-data-misread": sagas.breaking({
    summary: "A field of a saga's data has another number, kind or meaning",
    example: ["shop.Checkout", "shop.Checkout", "shop.Checkout.total, number 3, was int32 and is string"],
    message: (saga: string, fault: string) => `the data of running instances of ${saga} would be misread: ${fault}`,
    effect: "instances in flight continue with wrong data, or fail",
    remedy: "restore the field, and add a field with a new number for the new meaning",
  }),
  "saga-field-removed": sagas.dangerous({
    summary: "A field of a saga's data is gone",
    example: ["shop.Checkout.note", "shop.Checkout", "note"],
    message: (saga: string, field: string) => `the data of the saga ${saga} no longer has the field ${field}`,
    effect: "instances in flight lose its value with their next step",
    remedy: "keep the field until the instances that have it are complete, then reserve its number",
  }),
  "saga-id-changed": sagas.breaking({
    summary: "Another field is the id of a saga",
    example: ["shop.Checkout", "shop.Checkout", "order_id", "cart_id"],
    message: (saga: string, before: string, now: string) => `the id of the saga ${saga} was ${before} and is ${now}`,
    effect: "events and callers no longer find instances in flight",
    remedy: (_saga: string, before: string) => `mark ${before} as the id again`,
  }),
  "saga-version-lowered": sagas.breaking({
    summary: "The version of a saga is lower than before",
    example: ["shop.Checkout", "shop.Checkout", "2", "1"],
    message: (saga: string, before: string, now: string) => `the saga ${saga} had version ${before} and has ${now}`,
    effect: "instances of the higher version are left alone: they do not continue",
    remedy: "raise the version instead, and keep the steps of earlier versions with until_version",
  }),
  "saga-start-changed": sagas.dangerous({
    summary: "Another event starts a saga, or none does",
    example: ["shop.Checkout", "shop.Checkout", "order.placed version 1", "order.paid version 1"],
    message: (saga: string, before: string, now: string) => `the saga ${saga} was started by ${before}, now by ${now}`,
    effect: "what used to start instances no longer does",
    remedy: "restore starts_on, or start instances by code",
  }),
  "saga-step-removed": sagas.breaking({
    summary: "A step is gone from a version that can have instances in flight, or was renamed",
    example: ["shop.Checkout.charge", 'the step "charge" of shop.Checkout', "1"],
    message: (step: string, version: string) => `${step} is gone from version ${version}`,
    effect: "instances in flight that reached or await the step cannot continue, and its effect is not undone",
    remedy: "raise the version of the saga, and keep the step with until_version",
  }),
  "saga-step-added": sagas.breaking({
    summary: "A step was added without a new version",
    example: ["shop.Checkout.notify", 'the step "notify" of shop.Checkout', "1"],
    message: (step: string, version: string) => `${step} was added to version ${version}`,
    effect: "instances in flight of this version get a step that was not part of them",
    remedy: "raise the version of the saga, and give the step since_version",
  }),
  "saga-step-changed": sagas.breaking({
    summary: "A step does something else in a version that can have instances in flight",
    example: ["shop.Checkout.charge", 'the step "charge" of shop.Checkout', "compensation"],
    message: (step: string, what: string) => `${step} has another ${what}`,
    effect: "instances in flight continue with a step that their journal does not fit",
    remedy: "raise the version, keep the old step with until_version, and add the new one with since_version",
  }),
  "saga-step-reordered": sagas.breaking({
    summary: "A step follows other steps in a version that can have instances in flight",
    example: ["shop.Checkout.charge", 'the step "charge" of shop.Checkout', "reserve", "no step"],
    message: (step: string, before: string, now: string) => `${step} followed ${before} and follows ${now}`,
    effect: "instances in flight can have done what should now come later",
    remedy: "raise the version, keep the old step with until_version, and add the new order with since_version",
  }),
  "saga-timing-changed": sagas.dangerous({
    summary: "A timeout, deadline, retry or delay of a saga has changed",
    example: ["shop.Checkout.charge", 'the step "charge" of shop.Checkout', "timeout"],
    message: (element: string, what: string) => `${element} has another ${what}`,
    effect: "it also holds for instances in flight, which may time out earlier or wait longer",
    remedy: "check that instances in flight can live with it",
  }),
  "read-model-removed": readModels.dangerous({
    summary: "A read model is gone, or has another name",
    example: ["shop.OrderView", "shop.OrderView"],
    message: (name: string) => `the contract no longer has the read model ${name}`,
    effect: "its rows are no longer updated; under a new name they must be built again",
    remedy: "keep the name, or build the new read model before readers use it",
  }),
  "read-model-key-changed": readModels.breaking({
    summary: "The key of a read model has changed",
    example: ["shop.OrderView", "shop.OrderView", "order_id", "customer_id"],
    message: (name: string, before: string, now: string) => `the key of ${name} was ${before} and is ${now}`,
    effect: "existing rows are stored under the old key: lookups by the new one miss them",
    remedy: "raise the version of the projection, so that the rows are built again",
  }),
  "read-model-misread": readModels.breaking({
    summary: "A field of a row has another number, kind or meaning",
    example: ["shop.OrderView", "shop.OrderView", "shop.OrderView.total, number 3, was int32 and is string"],
    message: (name: string, fault: string) => `existing rows of ${name} would be misread: ${fault}`,
    effect: "queries return wrong values from rows that were written earlier",
    remedy: "raise the version of the projection, so that the rows are built again",
  }),
  "read-model-events-changed": readModels.dangerous({
    summary: "Other events change a read model",
    example: ["shop.OrderView: order.shipped", "shop.OrderView", "also follows order.shipped version 1"],
    message: (name: string, what: string) => `the read model ${name} ${what}`,
    effect: "existing rows do not reflect it: only events from now on do",
    remedy: "raise the version of the projection if existing rows must reflect it",
  }),
  "personal-added": personal.dangerous({
    summary: "A stored field has become personal",
    example: ["shop.OrderPlaced.email", "shop.OrderPlaced.email"],
    message: (field: string) => `${field} has become personal`,
    effect: "values that are stored already stay unencrypted: erasing the data subject does not remove them",
    remedy: "mark the field before the first value is stored, or add a personal field and a new version of the event",
  }),
  "personal-removed": personal.breaking({
    summary: "A stored field is no longer personal",
    example: ["shop.OrderPlaced.email", "shop.OrderPlaced.email"],
    message: (field: string) => `${field} is no longer personal`,
    effect: "values that are stored encrypted are read as empty, and new ones are stored and logged in the clear",
    remedy: "mark the field as personal again, or add another field for values that are not personal",
  }),
  "personal-subject-changed": personal.breaking({
    summary: "Another field identifies the data subject",
    example: ["shop.OrderPlaced", "shop.OrderPlaced", "the id of its stream", "customer_id"],
    message: (message: string, before: string, now: string) =>
      `the data subject of ${message} was identified by ${before} and is identified by ${now}`,
    effect: "erasing a data subject misses what was stored under the other identity",
    remedy: "restore the subject, or declare a new version of the event",
  }),
} as const;
