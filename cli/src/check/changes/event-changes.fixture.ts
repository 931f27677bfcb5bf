import { change } from "./change.fixture.js";

const placed = `message Placed {
  option (potter.v1.event) = {type: "PKG.placed" version: 2};`;
const cancelled = `message Cancelled {
  option (potter.v1.event) = {aggregate: "Order"};`;

/** Changes of events, their aggregates, and personal fields. */
export const eventChanges = [
  change(
    "the type of an event changes",
    [[cancelled, cancelled.replace("{agg", '{type: "PKG.gone" agg')]],
    "events breaking, asyncapi breaking, commands dangerous, read-models dangerous",
    "event-removed asyncapi-channel-removed command-emits-added command-emits-removed read-model-events-changed",
  ),
  change(
    "an event is renamed without keeping its type",
    [
      ["message Cancelled ", "message Withdrawn "],
      ['"Cancelled"', '"Withdrawn"'],
    ],
    "events breaking, asyncapi breaking, commands dangerous, read-models dangerous",
    "event-removed asyncapi-channel-removed command-emits-added command-emits-removed read-model-events-changed",
  ),
  change(
    "an event is renamed and keeps its type",
    [
      ["message Cancelled ", "message Withdrawn "],
      ['"Cancelled"', '"Withdrawn"'],
      ['{aggregate: "Order"};\n  string order_id', '{type: "PKG.Cancelled" aggregate: "Order"};\n  string order_id'],
    ],
    "asyncapi breaking",
    "asyncapi-message-added asyncapi-message-removed",
  ),
  change(
    "the version of an event is raised and the old one is not kept",
    [[placed, placed.replace("version: 2", "version: 3")]],
    "events breaking",
    "event-removed",
  ),
  change(
    "a new version supersedes an event",
    [
      [
        placed,
        `message Placed {
  option (potter.v1.event) = {type: "PKG.placed" version: 3};
  string order_id = 1;
  string city = 2;
}
message PlacedV2 {
  option (potter.v1.event) = {type: "PKG.placed" version: 2 superseded_by: "Placed"};`,
      ],
    ],
    "asyncapi dangerous",
    "asyncapi-message-added",
  ),
  change(
    "a superseded version is removed",
    [
      [
        `message PlacedV1 {
  option (potter.v1.event) = {type: "PKG.placed" superseded_by: "Placed"};
  string order_id = 1;
}
`,
        "",
      ],
    ],
    "events breaking, asyncapi breaking",
    "event-removed asyncapi-message-removed",
  ),
  change(
    "an event is no longer superseded",
    [['superseded_by: "Placed"', 'aggregate: "Order"']],
    "events dangerous",
    "event-upcast-changed",
  ),
  change(
    "a field of an event has another type",
    [
      [
        "string note = 2;\n  repeated Line lines = 3;\n  Channel channel = 4;\n  string email = 5 [(p",
        "int32 note = 2;\n  repeated Line lines = 3;\n  Channel channel = 4;\n  string email = 5 [(p",
      ],
    ],
    "events breaking, wire breaking",
    "event-misread",
  ),
  change(
    "a field of an event has another number",
    [["int32 total = 6;", "int32 total = 7;"]],
    "events breaking, wire breaking, asyncapi breaking",
    "event-misread event-field-removed asyncapi-field-removed",
  ),
  change(
    "a field of an event is removed and reserved",
    [["int32 total = 6;", 'reserved 6; reserved "total";']],
    "events dangerous, asyncapi breaking",
    "event-field-removed asyncapi-field-removed",
  ),
  change(
    "a field of an event is removed and not reserved",
    [["int32 total = 6;", ""]],
    "events dangerous, asyncapi breaking, wire breaking",
    "event-field-removed asyncapi-field-removed",
  ),
  change("a field is added to an event", [["int32 total = 6;", "int32 total = 6; string city = 7;"]]),
  change(
    "a field of an event is renamed",
    [["int32 total = 6;", "int32 sum = 6;"]],
    "wire breaking, asyncapi breaking",
    "asyncapi-field-removed",
  ),
  change("a field of an event becomes wider", [["int32 total = 6;", "int64 total = 6;"]], "wire breaking"),
  change(
    "a field of an event becomes repeated",
    [["int32 total = 6;", "repeated int32 total = 6;"]],
    "events breaking, wire breaking",
    "event-misread",
  ),
  change(
    "two fields of an event exclude one another",
    [
      [
        "string note = 2;\n  repeated Line lines = 3;\n  Channel channel = 4;\n  string email = 5 [(p",
        "repeated Line lines = 3;\n  Channel channel = 4;\n  string email = 5 [(p",
      ],
      ["int32 total = 6;", "oneof one { string note = 2; int32 total = 6; }"],
    ],
    "events breaking, wire breaking",
    "event-misread",
  ),
  change(
    "the value of an enum in an event is renumbered",
    [["CHANNEL_SHOP = 2", "CHANNEL_SHOP = 3"]],
    "events breaking, wire breaking",
    "event-misread",
  ),
  change(
    "a value is added to an enum",
    [["CHANNEL_SHOP = 2;", "CHANNEL_SHOP = 2; CHANNEL_PHONE = 3;"]],
    "graphql dangerous",
  ),
  change(
    "a message in an event changes",
    [["uint32 pieces = 2;", "string pieces = 2;"]],
    "events breaking, wire breaking, graphql breaking",
    "event-misread",
  ),
  change(
    "an event belongs to another aggregate",
    [
      [
        'message Touched { option (potter.v1.event) = {aggregate: "Order"}',
        'message Touched { option (potter.v1.event) = {aggregate: "Item"}',
      ],
      ['{emits: "Touched"}', "{}"],
    ],
    "events breaking, commands dangerous",
    "event-aggregate-changed command-emits-removed",
  ),
  change(
    "an event is removed",
    [
      ['message Reserved { option (potter.v1.event) = {aggregate: "Item"}; string sku = 1; string order_id = 2; }', ""],
      ['{emits: "Reserved"}', "{}"],
    ],
    "events breaking, asyncapi breaking, commands dangerous",
    "event-removed asyncapi-channel-removed command-emits-removed",
  ),
  change(
    "an event is added and emitted",
    [
      [
        "message TooLarge",
        'message Noted { option (potter.v1.event) = {aggregate: "Order"}; string a = 1; }\nmessage TooLarge',
      ],
      ['{emits: "Touched"}', '{emits: "Touched" emits: "Noted"}'],
    ],
    "commands dangerous",
    "command-emits-added",
  ),
  change(
    "an aggregate is renamed without keeping its type",
    [
      ["message Order {", "message Purchase {"],
      ['"Order"', '"Purchase"'],
    ],
    "aggregates breaking",
    "aggregate-type-removed",
  ),
  change("an aggregate is renamed and keeps its type", [
    [
      "message Order {\n  option (potter.v1.aggregate) = {};",
      'message Purchase {\n  option (potter.v1.aggregate) = {type: "PKG.Order"};',
    ],
    ['"Order"', '"Purchase"'],
  ]),
  change(
    "the type of an aggregate changes",
    [['type: "PKG.item"', 'type: "PKG.piece"']],
    "aggregates breaking",
    "aggregate-type-removed",
  ),
  change(
    "an aggregate stores its state",
    [['type: "PKG.item"', 'type: "PKG.item" persistence: PERSISTENCE_STATE']],
    "aggregates breaking",
    "aggregate-persistence-changed",
  ),
  change(
    "a field of an event becomes personal",
    [
      [
        "string reason = 2;\n}\nmessage Touched",
        "string reason = 2 [(potter.v1.field).personal = true];\n}\nmessage Touched",
      ],
    ],
    "personal-data dangerous",
    "personal-added",
  ),
  change(
    "a field of an event is no longer personal",
    [["string email = 5 [(potter.v1.field).personal = true];", "string email = 5;"]],
    "personal-data breaking",
    "personal-removed",
  ),
  change(
    "another field identifies the data subject",
    [[`${placed}\n  string order_id = 1;`, `${placed}\n  string order_id = 1 [(potter.v1.field).subject = true];`]],
    "personal-data breaking",
    "personal-subject-changed",
  ),
];
