import { change } from "./change.fixture.js";

const finish = 'step {name: "finish" command: "Checkouts.Start" no_compensation: true after: "wait"}';
const extra = 'step {name: "extra" command: "Checkouts.Start" no_compensation: true after: "finish"}';

/** Changes of sagas and read models. */
export const processChanges = [
  change(
    "a saga is removed",
    [
      [
        'message Mail {\n  option (potter.v1.saga) = {\n    starts_on: "Placed"\n    step {name: "send" command: "Checkouts.Start" no_compensation: true}\n  };\n  string order_id = 1 [(potter.v1.field).id = true];\n}\n',
        "",
      ],
    ],
    "sagas breaking",
    "saga-removed",
  ),
  change("a saga is renamed", [["message Checkout {", "message Purchase {"]], "sagas breaking", "saga-removed"),
  change("a step is removed", [[finish, ""]], "sagas breaking", "saga-step-removed"),
  change(
    "a step is renamed",
    [[finish, finish.replace('"finish"', '"end"')]],
    "sagas breaking",
    "saga-step-added saga-step-removed",
  ),
  change(
    "a step is added without a new version",
    [[finish, `${finish}\n${extra}`]],
    "sagas breaking",
    "saga-step-added",
  ),
  change("a step is added with a new version", [
    [finish, `${finish}\n${extra.replace("}", " since_version: 3}")}`],
    ["version: 2\n    deadline", "version: 3\n    deadline"],
  ]),
  change("a step is removed with a new version", [
    [finish, finish.replace("}", " until_version: 2}")],
    ["version: 2\n    deadline", "version: 3\n    deadline"],
  ]),
  change(
    "a step of an old version is removed",
    [['step {name: "hold" command: "Stock.Reserve" no_compensation: true until_version: 1}', ""]],
    "sagas breaking",
    "saga-step-removed",
  ),
  change(
    "a step follows another one",
    [[finish, finish.replace('"wait"', '"reserve"')]],
    "sagas breaking",
    "saga-step-reordered",
  ),
  change(
    "a step sends another command",
    [[finish, finish.replace("Checkouts.Start", "Stock.Release")]],
    "sagas breaking",
    "saga-step-changed",
  ),
  change(
    "a step waits for another event",
    [['wait_for: "Touched" match: {event_field: "alias"', 'wait_for: "Cancelled" match: {event_field: "order_id"']],
    "sagas breaking",
    "saga-step-changed",
  ),
  change(
    "a step waits instead of sending a command",
    [[finish, 'step {name: "finish" delay: {seconds: 5} after: "wait"}']],
    "sagas breaking",
    "saga-step-changed saga-timing-changed",
  ),
  change(
    "a step loses its compensation",
    [['compensation: "Stock.Release"', "no_compensation: true"]],
    "sagas breaking",
    "saga-step-changed",
  ),
  change(
    "a timeout changes",
    [["timeout: {seconds: 60}", "timeout: {seconds: 6}"]],
    "sagas dangerous",
    "saga-timing-changed",
  ),
  change("a deadline changes", [["seconds: 3600", "seconds: 360"]], "sagas dangerous", "saga-timing-changed"),
  change(
    "the version of a saga is lowered",
    [
      ["version: 2\n    deadline", "version: 1\n    deadline"],
      [" until_version: 1", ""],
    ],
    "sagas breaking",
    "saga-step-added saga-version-lowered",
  ),
  change(
    "a field of a saga has another type",
    [["string memo = 3;", "int32 memo = 3;"]],
    "sagas breaking, wire breaking",
    "saga-data-misread",
  ),
  change(
    "a field of a saga is removed",
    [["string memo = 3;", 'reserved 3; reserved "memo";']],
    "sagas dangerous",
    "saga-field-removed",
  ),
  change(
    "another field is the id of a saga",
    [
      [
        "string order_id = 1 [(potter.v1.field).id = true];\n  string sku = 2;\n  string memo",
        "string order_id = 1;\n  string sku = 2 [(potter.v1.field).id = true];\n  string memo",
      ],
    ],
    "sagas breaking",
    "saga-id-changed",
  ),
  change(
    "another event starts a saga",
    [['starts_on: "Placed"', 'starts_on: "Cancelled"']],
    "sagas dangerous",
    "saga-start-changed",
  ),
  change(
    "the key of a read model changes",
    [
      [
        "string order_id = 1 [(potter.v1.field).id = true];\n  string note = 2;\n  string code = 3;",
        "string order_id = 1;\n  string note = 2;\n  string code = 3 [(potter.v1.field).id = true];",
      ],
    ],
    "read-models breaking, graphql breaking",
    "read-model-key-changed",
  ),
  change(
    "a field of a row has another type",
    [["string code = 3;", "int32 code = 3;"]],
    "read-models breaking, wire breaking, graphql breaking",
    "read-model-misread",
  ),
  change(
    "a read model no longer follows an event",
    [['from: "Placed" from: "Cancelled"', 'from: "Placed"']],
    "read-models dangerous",
    "read-model-events-changed",
  ),
  change(
    "a read model follows another event",
    [['from: "Placed" from: "Cancelled"', 'from: "Placed" from: "Cancelled" from: "Touched"']],
    "read-models dangerous",
    "read-model-events-changed",
  ),
  change(
    "a read model is removed",
    [
      [
        'option (potter.v1.read_model) = {from: "Placed" from: "Cancelled"};\n  string order_id = 1 [(potter.v1.field).id = true];',
        "string order_id = 1;",
      ],
      ['{read_model: "OrderView"}', "{}"],
    ],
    "read-models dangerous",
    "read-model-removed",
  ),
];
