import { change } from "./change.fixture.js";

const tooLarge = "message TooLarge { option (potter.v1.error) = {}; int32 limit = 1; }";

/** Changes that callers over gRPC, Connect and WebSockets see, generated clients among them. */
export const clientChanges = [
  change(
    "a service is renamed, and so the path of its rpcs",
    [["service Desk {", "service Office {"]],
    "commands breaking, rest breaking",
    "rpc-removed rest-route-removed",
  ),
  change(
    "responses become a stream",
    [["(WriteRequest) returns (WriteResponse)", "(WriteRequest) returns (stream WriteResponse)"]],
    "wire breaking, graphql breaking",
  ),
  change("a stream of requests becomes one request", [["(stream ImportRequest)", "(ImportRequest)"]], "wire breaking"),
  change(
    "an rpc is no longer declared to be safe to repeat",
    [["    option idempotency_level = IDEMPOTENT;\n", ""]],
    "wire breaking",
  ),
  change(
    "a value of an enum in a response is renamed",
    [["OUTCOME_DONE", "OUTCOME_WRITTEN"]],
    "wire breaking, graphql breaking",
  ),
  change("an error is renamed", [["TooLarge", "TooBig"]], "commands breaking", "error-renamed"),
  change(
    "an error takes the place of another one of other fields",
    [
      [tooLarge, `message TooBig { option (potter.v1.error) = {}; int64 limit = 1; }`],
      ["TooLarge", "TooBig"],
    ],
    "commands dangerous",
    "command-error-added command-error-removed",
  ),
  change(
    "a field of an error is removed",
    [[tooLarge, tooLarge.replace("int32 limit = 1;", 'reserved 1; reserved "limit"; int32 most = 2;')]],
    "commands breaking",
    "error-field-removed",
  ),
  change(
    "a field of an error becomes personal",
    [["int32 limit = 1;", "int32 limit = 1 [(potter.v1.field).personal = true];"]],
    "commands breaking",
    "error-field-removed",
  ),
  change("a field is added to an error", [["int32 limit = 1;", "int32 limit = 1; int32 by = 2;"]]),
  change(
    "a field of streamed requests is removed",
    [["string ink = 2;", 'reserved 2; reserved "ink";']],
    "commands breaking",
    "rpc-request-field-removed",
  ),
  change(
    "a field of the response to a stream is removed",
    [["int32 blots = 2;", 'reserved 2; reserved "blots";']],
    "commands breaking",
    "rpc-response-field-removed",
  ),
  change(
    "an enum in responses has a new value",
    [["OUTCOME_DONE = 1;", "OUTCOME_DONE = 1; OUTCOME_LOST = 2;"]],
    "commands dangerous, graphql dangerous",
    "response-value-added",
  ),
  change(
    "a service without read models has one",
    [
      [
        "message WriteRequest {",
        `message Page { option (potter.v1.read_model) = {from: "Placed"}; string page = 1 [(potter.v1.field).id = true]; }
message WriteRequest {`,
      ],
    ],
    "commands dangerous",
    "wait-target-hidden",
  ),
  change(
    "a message has a rule",
    [
      [
        "message TouchRequest {",
        `message TouchRequest { option (buf.validate.message).cel = {id: "alias" message: "must differ" expression: "this.alias != this.order_id"};`,
      ],
    ],
    "commands breaking",
    "request-rule-tightened",
  ),
  change(
    "a oneof is required",
    [
      [
        "string order_id = 1; string alias = 2; }",
        "string order_id = 1; oneof by { option (buf.validate.oneof).required = true; string alias = 2; } }",
      ],
    ],
    "wire breaking, commands breaking, graphql breaking",
    "request-rule-tightened",
  ),
];
