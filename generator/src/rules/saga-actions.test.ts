import { expect, it } from "vitest";
import { diagnoseSagas } from "../testing/index.js";

/** Faults of what steps do: what is reported, the options of a saga, and the diagnostics. */
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "saga-step-name-format",
    ['step {name: "Reserve stock" command: "Stock.Reserve"}'],
    [
      'shop.proto:8:17: error saga-step-name-format: the step name "Reserve stock" of Checkout is invalid',
      '    step {name: "Reserve stock" command: "Stock.Reserve"}',
      "                ^^^^^^^^^^^^^^^",
      "  hint: use lower_snake_case or lowerCamelCase: a lower-case letter, then letters, digits and single underscores",
    ],
  ],
  [
    "name-collision of steps",
    [
      'step {name: "reserve_stock" command: "Stock.Reserve" no_compensation: true}',
      'step {name: "reserveStock" command: "Stock.Charge" no_compensation: true}',
    ],
    [
      'shop.proto:9:17: error name-collision: step "reserve_stock" and step "reserveStock" have the same generated name "reserveStock" in Checkout',
      '    step {name: "reserveStock" command: "Stock.Charge" no_compensation: true}',
      "                ^^^^^^^^^^^^^^",
      "  hint: rename one of them",
    ],
  ],
  [
    "saga-query",
    ['step {name: "find" command: "Stock.FindStock"}'],
    [
      'shop.proto:8:33: error saga-query: "command" of step "find" of Checkout names Stock.FindStock, which is a query',
      '    step {name: "find" command: "Stock.FindStock"}',
      "                                ^^^^^^^^^^^^^^^^^",
      "  hint: name a command; an rpc with side effects whose name begins like that of a query needs option (potter.v1.command)",
    ],
  ],
  [
    "saga-query of a compensation",
    ['step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.FindStock"}'],
    [
      'shop.proto:8:66: error saga-query: "compensation" of step "reserve" of Checkout names Stock.FindStock, which is a query',
      '    step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.FindStock"}',
      "                                                                 ^^^^^^^^^^^^^^^^^",
      "  hint: name a command; an rpc with side effects whose name begins like that of a query needs option (potter.v1.command)",
    ],
  ],
  [
    "saga-stream",
    ['step {name: "all" command: "Stock.ReserveAll"}'],
    [
      'shop.proto:8:32: error saga-stream: "command" of step "all" of Checkout names Stock.ReserveAll, which is a streaming rpc',
      '    step {name: "all" command: "Stock.ReserveAll"}',
      "                               ^^^^^^^^^^^^^^^^^^",
      "  hint: name a unary rpc: a saga records one response",
    ],
  ],
  [
    "unknown-reference of a command",
    ['step {name: "reserve" command: "Stock.Reserv"}'],
    [
      'shop.proto:8:36: error unknown-reference: cannot find an rpc named "Stock.Reserv" in this scope',
      '    step {name: "reserve" command: "Stock.Reserv"}',
      "                                   ^^^^^^^^^^^^^^",
      '  hint: did you mean "Stock.Reserve"?',
    ],
  ],
  [
    "saga-option-without-effect of a wait",
    [
      'step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} for_each: true retry: {} compensation: "Stock.Release"}',
    ],
    [
      'shop.proto:8:17: error saga-option-without-effect: "compensation" of step "wait" of Checkout has no effect: the step waits for an event',
      '    step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} for_each: true retry: {} compensation: "Stock.Release"}',
      "                ^^^^^^",
      "  hint: remove it",
      'shop.proto:8:17: error saga-option-without-effect: "for_each" of step "wait" of Checkout has no effect: the step waits for an event',
      '    step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} for_each: true retry: {} compensation: "Stock.Release"}',
      "                ^^^^^^",
      "  hint: remove it",
      'shop.proto:8:17: error saga-option-without-effect: "retry" of step "wait" of Checkout has no effect: the step waits for an event',
      '    step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} for_each: true retry: {} compensation: "Stock.Release"}',
      "                ^^^^^^",
      "  hint: remove it",
    ],
  ],
  [
    "saga-option-without-effect of a timer",
    ['step {name: "pause" delay: {seconds: 60} timeout: {seconds: 90} no_compensation: true}'],
    [
      'shop.proto:8:17: error saga-option-without-effect: "no_compensation" of step "pause" of Checkout has no effect: the step waits for a time',
      '    step {name: "pause" delay: {seconds: 60} timeout: {seconds: 90} no_compensation: true}',
      "                ^^^^^^^",
      "  hint: remove it",
      'shop.proto:8:17: error saga-option-without-effect: "timeout" of step "pause" of Checkout has no effect: the step waits for a time',
      '    step {name: "pause" delay: {seconds: 60} timeout: {seconds: 90} no_compensation: true}',
      "                ^^^^^^^",
      "  hint: remove it",
    ],
  ],
  [
    "saga-option-without-effect of a command",
    ['step {name: "reserve" command: "Stock.Reserve" match: {} ignore_early: true}'],
    [
      'shop.proto:8:17: error saga-option-without-effect: "ignore_early" of step "reserve" of Checkout has no effect: the step sends a command',
      '    step {name: "reserve" command: "Stock.Reserve" match: {} ignore_early: true}',
      "                ^^^^^^^^^",
      "  hint: remove it",
      'shop.proto:8:17: error saga-option-without-effect: "match" of step "reserve" of Checkout has no effect: the step sends a command',
      '    step {name: "reserve" command: "Stock.Reserve" match: {} ignore_early: true}',
      "                ^^^^^^^^^",
      "  hint: remove it",
    ],
  ],
  [
    "saga-option-without-effect of a child",
    ['step {name: "other" saga: "Checkout" retry: {}}'],
    [
      'shop.proto:8:17: error saga-child-cycle: step "other" of Checkout starts a saga that leads back to it: Checkout → Checkout',
      '    step {name: "other" saga: "Checkout" retry: {}}',
      "                ^^^^^^^",
      "  hint: break the cycle: each of these sagas would start another one for ever",
      'shop.proto:8:17: error saga-option-without-effect: "retry" of step "other" of Checkout has no effect: the step runs another saga',
      '    step {name: "other" saga: "Checkout" retry: {}}',
      "                ^^^^^^^",
      "  hint: remove it",
    ],
  ],
  [
    "saga-option-without-effect of on_timeout",
    ['step {name: "reserve" command: "Stock.Reserve" on_timeout: ON_TIMEOUT_CONTINUE}'],
    [
      'shop.proto:8:17: error saga-option-without-effect: "on_timeout" of step "reserve" of Checkout has no effect: the step has no timeout',
      '    step {name: "reserve" command: "Stock.Reserve" on_timeout: ON_TIMEOUT_CONTINUE}',
      "                ^^^^^^^^^",
      "  hint: remove it",
    ],
  ],
  [
    "saga-timeout-retry",
    ['step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} on_timeout: ON_TIMEOUT_RETRY}'],
    [
      'shop.proto:8:17: error saga-timeout-retry: "on_timeout" of step "wait" of Checkout is ON_TIMEOUT_RETRY, but the step waits for an event',
      '    step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60} on_timeout: ON_TIMEOUT_RETRY}',
      "                ^^^^^^",
      "  hint: only commands are retried: use ON_TIMEOUT_COMPENSATE or ON_TIMEOUT_CONTINUE",
    ],
  ],
  [
    "saga-retry of no attempt",
    ['step {name: "reserve" command: "Stock.Reserve" retry: {max_attempts: 0}}'],
    [
      'shop.proto:8:17: error saga-retry: "retry" of step "reserve" of Checkout is contradictory: "max_attempts" is 0, and the first attempt counts',
      '    step {name: "reserve" command: "Stock.Reserve" retry: {max_attempts: 0}}',
      "                ^^^^^^^^^",
      "  hint: correct the retry policy, or remove it for the default",
    ],
  ],
  [
    "saga-retry of delays",
    ['step {name: "reserve" command: "Stock.Reserve" retry: {initial_delay: {seconds: 31}}}'],
    [
      'shop.proto:8:17: error saga-retry: "retry" of step "reserve" of Checkout is contradictory: "initial_delay" is longer than "max_delay"',
      '    step {name: "reserve" command: "Stock.Reserve" retry: {initial_delay: {seconds: 31}}}',
      "                ^^^^^^^^^",
      "  hint: correct the retry policy, or remove it for the default",
    ],
  ],
  [
    "saga-deadline of a timeout",
    ['step {name: "reserve" command: "Stock.Reserve" timeout: {seconds: 60}}', "deadline: {seconds: 60}"],
    [
      'shop.proto:8:17: error saga-deadline: "timeout" of step "reserve" of Checkout is not shorter than "deadline" of Checkout, which passes first',
      '    step {name: "reserve" command: "Stock.Reserve" timeout: {seconds: 60}}',
      "                ^^^^^^^^^",
      '  hint: shorten it, or extend "deadline"',
    ],
  ],
  [
    "saga-deadline of a delay",
    ['step {name: "pause" delay: {seconds: 61}}', "deadline: {seconds: 60}"],
    [
      'shop.proto:8:17: error saga-deadline: "delay" of step "pause" of Checkout is not shorter than "deadline" of Checkout, which passes first',
      '    step {name: "pause" delay: {seconds: 61}}',
      "                ^^^^^^^",
      '  hint: shorten it, or extend "deadline"',
    ],
  ],
  [
    "saga-unknown-field of until",
    ['step {name: "time" until: "deliver_att"}'],
    [
      'shop.proto:8:31: error saga-unknown-field: "until" of step "time" of Checkout names the unknown field "deliver_att" of Checkout',
      '    step {name: "time" until: "deliver_att"}',
      "                              ^^^^^^^^^^^^^",
      '  hint: did you mean "deliver_at"?',
    ],
  ],
  [
    "saga-until-type",
    ['step {name: "time" until: "order_id"}'],
    [
      'shop.proto:8:31: error saga-until-type: "until" of step "time" of Checkout names the field "order_id", which is no singular Timestamp',
      '    step {name: "time" until: "order_id"}',
      "                              ^^^^^^^^^^",
      "  hint: use a field of type google.protobuf.Timestamp outside of any oneof",
    ],
  ],
  [
    "negative-duration of a delay",
    ['step {name: "pause" delay: {}}'],
    [
      'shop.proto:8:17: error negative-duration: "delay" of step "pause" of Checkout is not a positive duration',
      '    step {name: "pause" delay: {}}',
      "                ^^^^^^^",
      "  hint: set it to more than zero seconds, or remove it for the default",
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
