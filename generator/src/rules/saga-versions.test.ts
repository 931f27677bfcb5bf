import { expect, it } from "vitest";
import { diagnoseSagas } from "../testing/index.js";

/** Contradictory versions: what is reported, the options of a saga, and the diagnostics. */
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "saga-version-zero of a saga",
    ['step {name: "reserve" command: "Stock.Reserve"}', "version: 0"],
    [
      'shop.proto:9:5: error saga-version-zero: "version" of Checkout is 0',
      "    version: 0",
      "    ^^^^^^^",
      "  hint: versions start at 1; remove the option for the default",
    ],
  ],
  [
    "saga-version-zero of a step",
    ['step {name: "reserve" command: "Stock.Reserve" since_version: 0}'],
    [
      'shop.proto:8:17: error saga-version-zero: "since_version" of step "reserve" of Checkout is 0',
      '    step {name: "reserve" command: "Stock.Reserve" since_version: 0}',
      "                ^^^^^^^^^",
      "  hint: versions start at 1; remove the option for the default",
    ],
  ],
  [
    "saga-versions of a step that ends before it begins",
    [
      'step {name: "reserve" command: "Stock.Reserve" since_version: 3 until_version: 2}',
      'step {name: "charge" command: "Stock.Charge" no_compensation: true}',
      'step {name: "end" command: "Stock.Charge" after: "charge"}',
      "version: 4",
    ],
    [
      'shop.proto:8:17: error saga-versions: step "reserve" of Checkout exists since version 3 and until version 2',
      '    step {name: "reserve" command: "Stock.Reserve" since_version: 3 until_version: 2}',
      "                ^^^^^^^^^",
      "  hint: correct one of them",
    ],
  ],
  [
    "saga-versions of a step that no version has yet",
    [
      'step {name: "reserve" command: "Stock.Reserve" no_compensation: true}',
      'step {name: "charge" command: "Stock.Charge" since_version: 2}',
    ],
    [
      'shop.proto:9:17: error saga-versions: step "charge" of Checkout exists since version 2, but the saga has version 1',
      '    step {name: "charge" command: "Stock.Charge" since_version: 2}',
      "                ^^^^^^^^",
      '  hint: raise "version" of the saga',
    ],
  ],
  [
    "saga-versions of a step that was not removed",
    [
      'step {name: "reserve" command: "Stock.Reserve" no_compensation: true}',
      'step {name: "charge" command: "Stock.Charge" until_version: 2 no_compensation: true}',
      "version: 2",
    ],
    [
      'shop.proto:9:17: error saga-versions: step "charge" of Checkout exists until version 2, but the saga has version 2',
      '    step {name: "charge" command: "Stock.Charge" until_version: 2 no_compensation: true}',
      "                ^^^^^^^^",
      '  hint: raise "version" of the saga: a step is removed in the version after "until_version"',
    ],
  ],
  [
    "saga-versions of steps that share no version",
    [
      'step {name: "reserve" command: "Stock.Reserve" no_compensation: true until_version: 1}',
      'step {name: "charge" command: "Stock.Charge" since_version: 2 after: "reserve"}',
      "version: 2",
    ],
    [
      'shop.proto:9:17: error saga-versions: step "charge" of Checkout follows step "reserve", but no version has both',
      '    step {name: "charge" command: "Stock.Charge" since_version: 2 after: "reserve"}',
      "                ^^^^^^^^",
      '  hint: remove it from "after", or correct the versions',
    ],
  ],
  [
    "saga-versions of a version without steps",
    ['step {name: "reserve" command: "Stock.Reserve" until_version: 1}', "version: 2"],
    [
      "shop.proto:6:10: error saga-versions: Checkout has no step in version 2",
      "    option (potter.v1.saga) = {",
      "           ^",
      "  hint: instances that started with this version would end at once: correct the versions of the steps",
    ],
  ],
  [
    "saga-step-without-compensation of one version",
    [
      'step {name: "reserve" command: "Stock.Reserve"}',
      'step {name: "charge" command: "Stock.Charge" after: "reserve" since_version: 2}',
      "version: 2",
    ],
    [
      'shop.proto:8:17: error saga-step-without-compensation: step "reserve" of Checkout has no compensation, and the saga has no pivot',
      '    step {name: "reserve" command: "Stock.Reserve"}',
      "                ^^^^^^^^^",
      '  hint: set "compensation", or "no_compensation: true" if the step has no effect to undo',
    ],
  ],
  [
    "saga-pivots of one version",
    [
      'step {name: "charge" command: "Stock.Charge" pivot: true}',
      'step {name: "pay" command: "Stock.Charge" pivot: true since_version: 2}',
      "version: 2",
    ],
    [
      "shop.proto:6:10: error saga-pivots: Checkout has more than one pivot: charge, pay",
      "    option (potter.v1.saga) = {",
      "           ^",
      '  hint: set "pivot" on one step: the point of no return',
      'shop.proto:9:17: error saga-step-without-compensation: step "pay" of Checkout has no compensation, and does not follow the pivot "charge"',
      '    step {name: "pay" command: "Stock.Charge" pivot: true since_version: 2}',
      "                ^^^^^",
      '  hint: set "compensation", or "no_compensation: true" if the step has no effect to undo',
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

/** Options of sagas without a fault. */
const valid: readonly (readonly [string, readonly string[]])[] = [
  [
    "a step that another one replaces",
    [
      'step {name: "reserve" command: "Stock.Reserve" no_compensation: true until_version: 1}',
      'step {name: "hold" command: "Stock.Reserve" no_compensation: true since_version: 2}',
      'step {name: "charge" command: "Stock.Charge" pivot: true after: ["reserve", "hold"]}',
      "version: 2",
    ],
  ],
  [
    "a pivot for each version",
    [
      'step {name: "charge" command: "Stock.Charge" pivot: true until_version: 1}',
      'step {name: "pay" command: "Stock.Charge" pivot: true since_version: 2}',
      'step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.Release" after: "charge"}',
      "version: 2",
    ],
  ],
  ["an event with the id of the saga", ['step {name: "wait" wait_for: "OrderApproved" timeout: {seconds: 60}}']],
  [
    "a saga that cannot be undone, after the pivot",
    ['step {name: "charge" command: "Stock.Charge" pivot: true}', 'step {name: "pay" saga: "Payment" after: "charge"}'],
  ],
  ["a saga as the last step", ['step {name: "pay" saga: "Payment"}']],
  [
    "timers, and a command for each element",
    [
      'step {name: "pause" delay: {seconds: 1}}',
      'step {name: "time" until: "deliver_at" after: "pause" pivot: true}',
      'step {name: "reserve" command: "Stock.Reserve" for_each: true after: "time" timeout: {seconds: 1} on_timeout: ON_TIMEOUT_RETRY}',
    ],
  ],
];

const none = diagnoseSagas(valid.map(([, options]) => options));

it.each(valid.map(([what], at) => [what, none[at]] as const))("reports nothing for %s", (_, found) => {
  expect(found).toEqual([]);
});
