import { change } from "./change.fixture.js";

const touch = `rpc Touch(TouchRequest) returns (TouchResponse) {
    option (potter.v1.command) = {emits: "Touched"};
    option (google.api.http) = {post: "/v1/orders/{order_id}:touch" body: "*" additional_bindings {post: "/v1/touch/{order_id}" body: "*"}};
  }`;

/** Changes of commands and of what callers see. */
export const callerChanges = [
  change(
    "an rpc is removed",
    [[touch, ""]],
    "commands breaking, rest breaking, graphql breaking",
    "rpc-removed rest-route-removed",
  ),
  change("an rpc is renamed", [["rpc Touch(", "rpc Tap("]], "commands breaking, graphql breaking", "rpc-removed"),
  change(
    "a command becomes a query",
    [[touch, touch.replace('(potter.v1.command) = {emits: "Touched"}', "(potter.v1.query) = {}")]],
    "commands breaking, graphql breaking",
    "rpc-role-changed command-aggregate-changed command-emits-removed",
  ),
  change(
    "a command requires an existing aggregate",
    [["creates: true ", "creates: false "]],
    "commands breaking, graphql breaking",
    "command-refuses-missing",
  ),
  change(
    "a command requires a new aggregate",
    [['{emits: "Touched"}', '{creates: true emits: "Touched"}']],
    "commands breaking",
    "command-refuses-existing",
  ),
  change("a command checks no longer", [["creates: false ", ""]], "commands dangerous", "command-check-dropped"),
  change(
    "a command addresses another aggregate",
    [['{emits: "Reserved"}', '{aggregate: "Order"}']],
    "commands breaking, graphql breaking",
    "command-aggregate-changed command-emits-removed",
  ),
  change(
    "a command has another id",
    [
      [
        "string alias = 2; }\nmessage TouchResponse",
        "string alias = 2 [(potter.v1.field).id = true]; }\nmessage TouchResponse",
      ],
    ],
    "commands breaking, graphql breaking",
    "command-id-changed",
  ),
  change(
    "an error has another code",
    [
      [
        "message TooLarge { option (potter.v1.error) = {}",
        "message TooLarge { option (potter.v1.error) = {code: CODE_INVALID_ARGUMENT}",
      ],
    ],
    "commands breaking",
    "error-code-changed",
  ),
  change(
    "a command no longer declares an error",
    [[' fails_with: "TooLarge"', ""]],
    "commands dangerous",
    "command-error-removed",
  ),
  change(
    "a command declares another error",
    [['fails_with: "TooLarge"', 'fails_with: "TooLarge" fails_with: "Refused"']],
    "commands dangerous",
    "command-error-added",
  ),
  change(
    "a timeout is shorter",
    [["timeout: {seconds: 10}", "timeout: {seconds: 1}"]],
    "commands dangerous",
    "rpc-timeout-shortened",
  ),
  change("a timeout is longer", [["timeout: {seconds: 10}", "timeout: {seconds: 20}"]]),
  change(
    "a request has a tenant",
    [
      [
        "CancelRequest { string order_id = 1;",
        "CancelRequest { string tenant = 3 [(potter.v1.field).tenant = true]; string order_id = 1;",
      ],
    ],
    "commands breaking",
    "rpc-tenant-changed",
  ),
  change("a rule is stricter", [["max_len = 100", "max_len = 10"]], "commands breaking", "request-rule-tightened"),
  change("a rule is less strict", [["max_len = 100", "max_len = 1000"]]),
  change("a rule is gone", [[" [(buf.validate.field).string.max_len = 100]", ""]]),
  change(
    "a field of a request is required",
    [["string email = 5;\n  optional", "string email = 5 [(buf.validate.field).required = true];\n  optional"]],
    "commands breaking, graphql breaking",
    "request-rule-tightened",
  ),
  change("a pattern changes", [["^[a-z]+$", "^[a-z0-9]+$"]], "commands dangerous", "request-rule-changed"),
  change("a path changes", [['post: "/v1/orders" ', 'post: "/v1/purchases" ']], "rest breaking", "rest-route-removed"),
  change("a method changes", [['post: "/v1/orders" ', 'put: "/v1/orders" ']], "rest breaking", "rest-route-removed"),
  change(
    "an additional binding is removed",
    [[' additional_bindings {post: "/v1/touch/{order_id}" body: "*"}', ""]],
    "rest breaking",
    "rest-route-removed",
  ),
  change("a binding is added", [
    ['post: "/v1/orders" body: "*"', 'post: "/v1/orders" body: "*" additional_bindings {put: "/v1/orders" body: "*"}'],
  ]),
  change(
    "a variable of a path sets another field",
    [['"/v1/touch/{order_id}"', '"/v1/touch/{alias}"']],
    "rest breaking",
    "rest-variable-moved",
  ),
  change("a variable of a path captures the same under a longer template", [
    ['"/v1/touch/{order_id}"', '"/v1/touch/{order_id=*}"'],
  ]),
  change(
    "a field is the body",
    [['"/v1/orders/{order_id}:touch" body: "*"', '"/v1/orders/{order_id}:touch" body: "alias"']],
    "rest breaking",
    "rest-body-changed",
  ),
  change(
    "there is no body any more",
    [['"/v1/orders/{order_id}:cancel" body: "*"', '"/v1/orders/{order_id}:cancel"']],
    "rest breaking",
    "rest-body-changed",
  ),
  change(
    "a field is the body of the response",
    [['"/v1/orders/{order_id}:cancel" body: "*"', '"/v1/orders/{order_id}:cancel" body: "*" response_body: "text"']],
    "rest breaking",
    "rest-response-body-changed",
  ),
  change(
    "a success has another status",
    [
      [
        'option (google.api.http) = {post: "/v1/orders" ',
        'option (potter.v1.openapi_operation) = {status: 201};\n    option (google.api.http) = {post: "/v1/orders" ',
      ],
    ],
    "rest breaking",
    "rest-status-changed",
  ),
  change(
    "a field of a request is removed",
    [
      [
        "CancelRequest { string order_id = 1; string reason = 2; }",
        'CancelRequest { string order_id = 1; reserved 2; reserved "reason"; }',
      ],
    ],
    "rest breaking, graphql breaking",
    "rest-request-field-removed",
  ),
  change(
    "a field of a response is removed",
    [["CancelResponse { string text = 1; }", 'CancelResponse { string other = 2; reserved 1; reserved "text"; }']],
    "rest breaking, graphql breaking",
    "rest-response-field-removed",
  ),
  change("a field is added to a request", [
    ["string reason = 2; }\nmessage CancelResponse", "string reason = 2; string by = 3; }\nmessage CancelResponse"],
  ]),
  change("a field is added to a response", [
    ["CancelResponse { string text = 1; }", "CancelResponse { string text = 1; string more = 2; }"],
  ]),
  change(
    "a path leads to another rpc",
    [
      [
        touch,
        `${touch.replace(' additional_bindings {post: "/v1/touch/{order_id}" body: "*"}', "")}
  rpc Tap(TapRequest) returns (TapResponse) {
    option (potter.v1.command) = {};
    option (google.api.http) = {post: "/v1/touch/{order_id}" body: "*"};
  }`,
      ],
      [
        "message TouchResponse {}",
        "message TouchResponse {}\nmessage TapRequest { string order_id = 1; }\nmessage TapResponse {}",
      ],
    ],
    "rest breaking",
    "rest-route-moved",
  ),
  change(
    "a field has another JSON name",
    [["CancelResponse { string text = 1; }", 'CancelResponse { string text = 1 [json_name = "words"]; }']],
    "wire breaking, graphql breaking",
  ),
  change("a comment is added", [["message Line {", "// One line.\nmessage Line {"]]),
  change("fields are in another order", [["string sku = 1; uint32 pieces = 2;", "uint32 pieces = 2; string sku = 1;"]]),
  change("a message is added", [["message Line {", "message Unused { string a = 1; }\nmessage Line {"]]),
  change("an rpc is deprecated", [
    [
      "rpc Touch(TouchRequest) returns (TouchResponse) {",
      "rpc Touch(TouchRequest) returns (TouchResponse) {\n    option deprecated = true;",
    ],
  ]),
];
