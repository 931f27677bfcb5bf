/** The contract that the changes of the table start from. `PKG` is its package. */
export const baseContract: string = `syntax = "proto3";
package PKG;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "potter/v1/openapi.proto";
import "potter/v1/options.proto";

service Orders {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc Place(PlaceRequest) returns (PlaceResponse) {
    option (potter.v1.command) = {creates: true emits: "Placed" fails_with: "TooLarge" timeout: {seconds: 10}};
    option (google.api.http) = {post: "/v1/orders" body: "*"};
  }
  rpc Cancel(CancelRequest) returns (CancelResponse) {
    option (potter.v1.command) = {creates: false emits: "Cancelled"};
    option (google.api.http) = {post: "/v1/orders/{order_id}:cancel" body: "*"};
  }
  rpc Touch(TouchRequest) returns (TouchResponse) {
    option (potter.v1.command) = {emits: "Touched"};
    option (google.api.http) = {post: "/v1/orders/{order_id}:touch" body: "*" additional_bindings {post: "/v1/touch/{order_id}" body: "*"}};
  }
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (potter.v1.query) = {read_model: "OrderView"};
    option (google.api.http) = {get: "/v1/orders/{order_id}"};
  }
}
service Stock {
  option (potter.v1.service) = {aggregate: "Item"};
  rpc Reserve(ReserveRequest) returns (ReserveResponse) {
    option (potter.v1.command) = {emits: "Reserved"};
  }
  rpc Release(ReleaseRequest) returns (ReleaseResponse) {
    option (potter.v1.command) = {};
  }
}
service Checkouts {
  rpc Start(StartRequest) returns (StartResponse) {
    option (potter.v1.command) = {};
  }
}

message Order {
  option (potter.v1.aggregate) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Item {
  option (potter.v1.aggregate) = {type: "PKG.item"};
  string sku = 1 [(potter.v1.field).id = true];
}

message Line { string sku = 1; uint32 pieces = 2; }
enum Channel { CHANNEL_UNSPECIFIED = 0; CHANNEL_WEB = 1; CHANNEL_SHOP = 2; }

message PlaceRequest {
  string order_id = 1;
  string note = 2 [(buf.validate.field).string.max_len = 100];
  repeated Line lines = 3;
  Channel channel = 4;
  string email = 5;
  optional string label = 6 [(buf.validate.field).string.pattern = "^[a-z]+$"];
}
message PlaceResponse { string order_id = 1; }
message CancelRequest { string order_id = 1; string reason = 2; }
message CancelResponse { string text = 1; }
message TouchRequest { string order_id = 1; string alias = 2; }
message TouchResponse {}
message GetOrderRequest { string order_id = 1; }
message ReserveRequest { string sku = 1; string order_id = 2; }
message ReserveResponse {}
message ReleaseRequest { string sku = 1; }
message ReleaseResponse {}
message StartRequest { string order_id = 1; }
message StartResponse {}

message OrderView {
  option (potter.v1.read_model) = {from: "Placed" from: "Cancelled"};
  string order_id = 1 [(potter.v1.field).id = true];
  string note = 2;
  string code = 3;
}

message Placed {
  option (potter.v1.event) = {type: "PKG.placed" version: 2};
  string order_id = 1;
  string note = 2;
  repeated Line lines = 3;
  Channel channel = 4;
  string email = 5 [(potter.v1.field).personal = true];
  int32 total = 6;
}
message PlacedV1 {
  option (potter.v1.event) = {type: "PKG.placed" superseded_by: "Placed"};
  string order_id = 1;
}
message Cancelled {
  option (potter.v1.event) = {aggregate: "Order"};
  string order_id = 1;
  string reason = 2;
}
message Touched { option (potter.v1.event) = {aggregate: "Order"}; string alias = 1; }
message Reserved { option (potter.v1.event) = {aggregate: "Item"}; string sku = 1; string order_id = 2; }

message TooLarge { option (potter.v1.error) = {}; int32 limit = 1; }
message Refused { option (potter.v1.error) = {}; string why = 1; }

message Checkout {
  option (potter.v1.saga) = {
    version: 2
    deadline: {seconds: 3600}
    step {name: "reserve" command: "Stock.Reserve" compensation: "Stock.Release"}
    step {name: "hold" command: "Stock.Reserve" no_compensation: true until_version: 1}
    step {name: "wait" wait_for: "Touched" match: {event_field: "alias" saga_field: "order_id"} timeout: {seconds: 60} after: "reserve"}
    step {name: "finish" command: "Checkouts.Start" no_compensation: true after: "wait"}
  };
  string order_id = 1 [(potter.v1.field).id = true];
  string sku = 2;
  string memo = 3;
}
message Mail {
  option (potter.v1.saga) = {
    starts_on: "Placed"
    step {name: "send" command: "Checkouts.Start" no_compensation: true}
  };
  string order_id = 1 [(potter.v1.field).id = true];
}
`;

/** A second file of that contract: a service without read models, with a stream of requests. */
export const baseDesk: string = `syntax = "proto3";
package PKG;
import "potter/v1/options.proto";

service Desk {
  rpc Write(WriteRequest) returns (WriteResponse) {
    option (potter.v1.command) = {};
  }
  rpc Import(stream ImportRequest) returns (ImportResponse) {
    option (potter.v1.command) = {};
    option idempotency_level = IDEMPOTENT;
  }
}

message WriteRequest { string page = 1; }
message WriteResponse { Outcome outcome = 1; }
enum Outcome { OUTCOME_UNSPECIFIED = 0; OUTCOME_DONE = 1; }
message ImportRequest { string page = 1; string ink = 2; }
message ImportResponse { int32 pages = 1; int32 blots = 2; }
`;
