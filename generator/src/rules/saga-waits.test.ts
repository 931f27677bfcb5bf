import { expect, it } from "vitest";
import { diagnoseSagas } from "../testing/index.js";

/** Faults of what steps wait for, and of sagas that they run: what is reported, the options of a saga, and the diagnostics. */
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "saga-match",
    ['step {name: "called" wait_for: "CustomerCalled" timeout: {seconds: 60}}'],
    [
      'shop.proto:8:17: error saga-match: step "called" of Checkout matches no CustomerCalled: the event has no field "order_id", the id of the saga',
      '    step {name: "called" wait_for: "CustomerCalled" timeout: {seconds: 60}}',
      "                ^^^^^^^^",
      '  hint: set "match": the field of the event, and the field of the saga that is equal to it',
    ],
  ],
  [
    "saga-match-type of fields that are no ids",
    [
      'step {name: "wait" wait_for: "OrderApproved" match: {event_field: "number" saga_field: "numbers"} timeout: {seconds: 60}}',
    ],
    [
      'shop.proto:8:17: error saga-match-type: step "wait" of Checkout matches OrderApproved.number with Checkout.numbers, which must both be strings or both integers, singular and in no oneof, but Checkout.numbers is neither',
      '    step {name: "wait" wait_for: "OrderApproved" match: {event_field: "number" saga_field: "numbers"} timeout: {seconds: 60}}',
      "                ^^^^^^",
      '  hint: name other fields in "match"',
    ],
  ],
  [
    "saga-match-type of a string and an integer",
    ['step {name: "wait" wait_for: "OrderApproved" match: {event_field: "number"} timeout: {seconds: 60}}'],
    [
      'shop.proto:8:17: error saga-match-type: step "wait" of Checkout matches OrderApproved.number with Checkout.order_id, which must both be strings or both integers, singular and in no oneof, but one is a string, the other an integer',
      '    step {name: "wait" wait_for: "OrderApproved" match: {event_field: "number"} timeout: {seconds: 60}}',
      "                ^^^^^^",
      '  hint: name other fields in "match"',
    ],
  ],
  [
    "saga-unknown-field of match",
    ['step {name: "wait" wait_for: "OrderApproved" match: {event_field: "order"} timeout: {seconds: 60}}'],
    [
      'shop.proto:8:71: error saga-unknown-field: "event_field" of step "wait" of Checkout names the unknown field "order" of OrderApproved',
      '    step {name: "wait" wait_for: "OrderApproved" match: {event_field: "order"} timeout: {seconds: 60}}',
      "                                                                      ^^^^^^^",
    ],
  ],
  [
    "saga-unknown-field of match.saga_field",
    ['step {name: "wait" wait_for: "OrderApproved" match: {saga_field: "order"} timeout: {seconds: 60}}'],
    [
      'shop.proto:8:70: error saga-unknown-field: "saga_field" of step "wait" of Checkout names the unknown field "order" of Checkout',
      '    step {name: "wait" wait_for: "OrderApproved" match: {saga_field: "order"} timeout: {seconds: 60}}',
      "                                                                     ^^^^^^^",
    ],
  ],
  [
    "saga-event-not-stored",
    ['step {name: "saved" wait_for: "ProfileSaved" timeout: {seconds: 60}}'],
    [
      'shop.proto:8:36: error saga-event-not-stored: "wait_for" of Checkout names ProfileSaved, but Profile stores its state and no events',
      '    step {name: "saved" wait_for: "ProfileSaved" timeout: {seconds: 60}}',
      "                                   ^^^^^^^^^^^^",
      "  hint: store the events of Profile, or let the command that records the event do the work",
    ],
  ],
  [
    "saga-superseded-event",
    ['step {name: "placed" wait_for: "OrderPlacedV0" timeout: {seconds: 60}}'],
    [
      'shop.proto:8:37: error saga-superseded-event: "wait_for" of Checkout names OrderPlacedV0, which OrderPlaced supersedes',
      '    step {name: "placed" wait_for: "OrderPlacedV0" timeout: {seconds: 60}}',
      "                                    ^^^^^^^^^^^^^",
      "  hint: name OrderPlaced: stored events of OrderPlacedV0 are upcast to OrderPlaced",
    ],
  ],
  [
    "wrong-kind-reference of a saga",
    ['step {name: "pay" saga: "OrderPlaced"}'],
    [
      "shop.proto:8:29: error wrong-kind-reference: OrderPlaced is not a saga, but an event",
      '    step {name: "pay" saga: "OrderPlaced"}',
      "                            ^^^^^^^^^^^^^",
      '  hint: name a saga here, or declare a separate message: a message has one role; OrderPlaced belongs in "emits"',
    ],
  ],
  [
    "unknown-reference of a saga",
    ['step {name: "pay" saga: "Paymnt"}'],
    [
      'shop.proto:8:29: error unknown-reference: cannot find a saga named "Paymnt" in this scope',
      '    step {name: "pay" saga: "Paymnt"}',
      "                            ^^^^^^^^",
      '  hint: did you mean "Payment"?',
    ],
  ],
  [
    "saga-child-cycle",
    ['step {name: "again" saga: "Checkout"}'],
    [
      'shop.proto:8:17: error saga-child-cycle: step "again" of Checkout starts a saga that leads back to it: Checkout → Checkout',
      '    step {name: "again" saga: "Checkout"}',
      "                ^^^^^^^",
      "  hint: break the cycle: each of these sagas would start another one for ever",
    ],
  ],
  [
    "saga-child-without-compensation",
    ['step {name: "pay" saga: "Payment"}', 'step {name: "reserve" command: "Stock.Reserve" after: "pay"}'],
    [
      'shop.proto:8:17: error saga-child-without-compensation: step "pay" of Checkout may have to be undone, but Payment cannot be: step "charge" of Payment has no compensation',
      '    step {name: "pay" saga: "Payment"}',
      "                ^^^^^",
      "  hint: give every step of Payment a compensation and none a pivot, or run it after the pivot",
    ],
  ],
  [
    "saga-child-without-compensation of a pivot",
    ['step {name: "insure" saga: "Insurance"}', 'step {name: "reserve" command: "Stock.Reserve" after: "insure"}'],
    [
      'shop.proto:8:17: error saga-child-without-compensation: step "insure" of Checkout may have to be undone, but Insurance cannot be: step "cover" of Insurance is a pivot',
      '    step {name: "insure" saga: "Insurance"}',
      "                ^^^^^^^^",
      "  hint: give every step of Insurance a compensation and none a pivot, or run it after the pivot",
    ],
  ],
  [
    "saga-after-pivot",
    [
      'step {name: "charge" command: "Stock.Charge" pivot: true}',
      'step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.Release" after: "charge"}',
    ],
    [
      'shop.proto:9:17: error saga-after-pivot: "compensation" of step "reserve" of Checkout has no effect: the step follows the pivot "charge", after which nothing is compensated',
      '    step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.Release" after: "charge"}',
      "                ^^^^^^^^^",
      "  hint: remove it, or move the pivot",
    ],
  ],
  [
    "saga-attempts-after-pivot",
    [
      'step {name: "charge" command: "Stock.Charge" retry: {max_attempts: 2} pivot: true}',
      'step {name: "reserve" command: "Stock.Reserve" after: "charge" retry: {max_attempts: 9}}',
      'step {name: "notify" command: "Stock.Reserve" after: "charge" retry: {max_delay: {seconds: 60}}}',
    ],
    [
      'shop.proto:9:17: warning saga-attempts-after-pivot: "max_attempts" of step "reserve" of Checkout has no effect: the step follows the pivot "charge", after which steps are retried until they succeed',
      '    step {name: "reserve" command: "Stock.Reserve" after: "charge" retry: {max_attempts: 9}}',
      "                ^^^^^^^^^",
      "  hint: remove it, or move the pivot",
    ],
  ],
  [
    "saga-timeout-after-pivot",
    [
      'step {name: "charge" command: "Stock.Charge" pivot: true}',
      'step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} after: "charge"}',
    ],
    [
      'shop.proto:9:17: error saga-timeout-after-pivot: a timeout of step "wait" of Checkout would compensate, but the step follows the pivot "charge", after which nothing is compensated',
      '    step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} after: "charge"}',
      "                ^^^^^^",
      '  hint: set "on_timeout" to ON_TIMEOUT_CONTINUE, or to ON_TIMEOUT_RETRY for a command',
    ],
  ],
];

const diagnostics = diagnoseSagas(cases.map(([, options]) => options));

it.each(cases.map(([what, , expected], at) => [what, expected, diagnostics[at]] as const))(
  "reports %s",
  (_, expected, found) => {
    expect(found).toEqual(expected);
  },
);
