import { describe, expect, it } from "vitest";
import { compileProto, documentOf, narrowTo, type ProtoFiles } from "../../testing/index.js";

/** The part of grpc-gateway's options that is used here: its package, names and numbers. */
const definitions: ProtoFiles = {
  "protoc-gen-openapiv2/options/openapiv2.proto": `syntax = "proto3";
package grpc.gateway.protoc_gen_openapiv2.options;
import "google/protobuf/struct.proto";
enum Scheme { UNKNOWN = 0; HTTP = 1; HTTPS = 2; WS = 3; WSS = 4; }
message Contact { string name = 1; string url = 2; string email = 3; }
message License { string name = 1; string url = 2; }
message Info {
  string title = 1; string description = 2; string terms_of_service = 3; Contact contact = 4; License license = 5;
  string version = 6; map<string, google.protobuf.Value> extensions = 7;
}
message ExternalDocumentation { string description = 1; string url = 2; }
message Header { string description = 1; string type = 2; string format = 3; string default = 6; string pattern = 13; }
message Response { string description = 1; map<string, Header> headers = 3; map<string, string> examples = 4; }
message Tag { string name = 1; string description = 2; ExternalDocumentation external_docs = 3; }
message Scopes { map<string, string> scope = 1; }
message SecurityScheme {
  enum Type { TYPE_INVALID = 0; TYPE_BASIC = 1; TYPE_API_KEY = 2; TYPE_OAUTH2 = 3; }
  enum In { IN_INVALID = 0; IN_QUERY = 1; IN_HEADER = 2; }
  enum Flow { FLOW_INVALID = 0; FLOW_IMPLICIT = 1; FLOW_PASSWORD = 2; FLOW_APPLICATION = 3; FLOW_ACCESS_CODE = 4; }
  Type type = 1; string description = 2; string name = 3; In in = 4; Flow flow = 5; string authorization_url = 6;
  string token_url = 7; Scopes scopes = 8;
}
message SecurityDefinitions { map<string, SecurityScheme> security = 1; }
message SecurityRequirement {
  message SecurityRequirementValue { repeated string scope = 1; }
  map<string, SecurityRequirementValue> security_requirement = 1;
}
message Swagger {
  Info info = 2; string host = 3; string base_path = 4; repeated Scheme schemes = 5; map<string, Response> responses = 10;
  SecurityDefinitions security_definitions = 11; repeated SecurityRequirement security = 12; repeated Tag tags = 13;
  ExternalDocumentation external_docs = 14;
}
message HeaderParameter {
  enum Type { UNKNOWN = 0; STRING = 1; NUMBER = 2; INTEGER = 3; BOOLEAN = 4; }
  string name = 1; string description = 2; Type type = 3; string format = 4; bool required = 5;
}
message Parameters { repeated HeaderParameter headers = 1; }
message Operation {
  repeated string tags = 1; string summary = 2; string description = 3; ExternalDocumentation external_docs = 4;
  string operation_id = 5; map<string, Response> responses = 9; bool deprecated = 11;
  repeated SecurityRequirement security = 12; Parameters parameters = 14;
}
message JSONSchema {
  message FieldConfiguration { bool deprecated = 49; }
  string title = 5; string description = 6; string default = 7; bool read_only = 8; string example = 9;
  double maximum = 11; bool exclusive_maximum = 12; double minimum = 13; bool exclusive_minimum = 14;
  uint64 max_length = 15; uint64 min_length = 16; string pattern = 17; uint64 max_items = 20; uint64 min_items = 21;
  repeated string required = 26; string format = 36; FieldConfiguration field_configuration = 1001;
}
message Schema { JSONSchema json_schema = 1; bool read_only = 3; ExternalDocumentation external_docs = 5; string example = 6; }
message EnumSchema { string description = 1; string title = 3; ExternalDocumentation external_docs = 6; string example = 7; }
`,
  "protoc-gen-openapiv2/options/annotations.proto": `syntax = "proto3";
package grpc.gateway.protoc_gen_openapiv2.options;
import "google/protobuf/descriptor.proto";
import "protoc-gen-openapiv2/options/openapiv2.proto";
extend google.protobuf.FileOptions { Swagger openapiv2_swagger = 1042; }
extend google.protobuf.MethodOptions { Operation openapiv2_operation = 1042; }
extend google.protobuf.MessageOptions { Schema openapiv2_schema = 1042; }
extend google.protobuf.EnumOptions { EnumSchema openapiv2_enum = 1042; }
extend google.protobuf.ServiceOptions { Tag openapiv2_tag = 1042; }
extend google.protobuf.FieldOptions { JSONSchema openapiv2_field = 1042; }
`,
  // Enough of gnostic's options to test the precedence.
  "openapiv3/annotations.proto": `syntax = "proto3";
package openapi.v3;
import "google/protobuf/descriptor.proto";
message Info { string title = 1; string version = 6; }
message Document { Info info = 2; }
message Schema { string title = 9; string description = 34; }
extend google.protobuf.FileOptions { Document document = 1143; }
extend google.protobuf.FieldOptions { Schema property = 1143; }
`,
};

const at = "(grpc.gateway.protoc_gen_openapiv2.options";

const head = `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/protobuf/wrappers.proto";
import "buf/validate/validate.proto";
import "openapiv3/annotations.proto";
import "potter/v1/openapi.proto";
import "protoc-gen-openapiv2/options/annotations.proto";
`;

const contract = `${head}
option (potter.v1.openapi_document) = {title: "Ours"};
option (openapi.v3.document) = {info: {title: "Gnostic's" version: "2.0"}};
option ${at}.openapiv2_swagger) = {
  info: {
    title: "Theirs" version: "1.0" description: "A shop." terms_of_service: "https://shop.test/terms"
    contact: {name: "Ann" email: "ann@shop.test"} license: {name: "MIT" url: "https://shop.test/mit"}
    extensions: {key: "x-empty" value: {}}
  }
  host: "shop.test:8080" base_path: "/api" schemes: HTTPS schemes: HTTP schemes: WSS
  security_definitions: {
    security: {key: "basic" value: {type: TYPE_BASIC description: "A password"}}
    security: {key: "key" value: {type: TYPE_API_KEY name: "X-Key" in: IN_HEADER}}
    security: {key: "ask" value: {type: TYPE_API_KEY name: "key" in: IN_QUERY}}
    security: {key: "login" value: {
      type: TYPE_OAUTH2 flow: FLOW_ACCESS_CODE authorization_url: "https://shop.test/login" token_url: "https://shop.test/token"
      scopes: {scope: {key: "buy" value: "To buy"}}
    }}
    security: {key: "machine" value: {type: TYPE_OAUTH2 flow: FLOW_APPLICATION token_url: "https://shop.test/token"}}
  }
  security: {
    security_requirement: {key: "basic" value: {}}
    security_requirement: {key: "login" value: {scope: "buy"}}
  }
  responses: {key: "404" value: {description: "Not there"}}
  responses: {key: "503" value: {description: "Busy"}}
  tags: {name: "More" description: "All else"}
  external_docs: {url: "https://shop.test/docs" description: "Read on"}
};

service Orders {
  option ${at}.openapiv2_tag) = {
    name: "Ordering" description: "All of orders" external_docs: {url: "https://shop.test/orders"}
  };
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (google.api.http) = {post: "/v1/orders" body: "*"};
    option ${at}.openapiv2_operation) = {
      tags: "More" summary: "Place it" description: "Now." operation_id: "place" deprecated: true
      external_docs: {url: "https://shop.test/place"}
      security: {security_requirement: {key: "key" value: {}}}
      parameters: {headers: {name: "X-Attempt" description: "Which try" type: INTEGER format: "int32" required: true}}
      responses: {key: "404" value: {description: "No such thing"}}
      responses: {key: "200" value: {
        description: "It is placed." headers: {key: "X-Left" value: {description: "What is left" type: "integer"}}
        examples: {key: "application/json" value: "{}"}
      }}
    };
  }
  rpc Ask(AskRequest) returns (AskResponse) {
    option (google.api.http) = {get: "/v1/ask"};
    option ${at}.openapiv2_operation) = {security: {}};
  }
}
message PlaceOrderRequest {
  option ${at}.openapiv2_schema) = {
    json_schema: {title: "An order" description: "What is wanted." required: ["order_id", "dueDay"]}
    example: "{\\"order_id\\": \\"o1\\", \\"total\\": 12, \\"color\\": \\"RED\\", \\"marks\\": [\\"1\\"], \\"due_day\\": \\"\\", \\"price\\": 2}"
    external_docs: {url: "https://shop.test/order"}
    read_only: true
  };
  string order_id = 1 [${at}.openapiv2_field) = {
    title: "Id" description: "Its id." format: "uuid" pattern: "^o" min_length: 1 max_length: 9
    example: "\\"o1\\"" default: "7"
  }];
  string due_day = 2 [${at}.openapiv2_field) = {read_only: true field_configuration: {deprecated: true}}];
  float price = 3 [${at}.openapiv2_field) = {
    minimum: 1 exclusive_minimum: true default: "0.5" required: ["price"] format: "money" example: "\\"cheap\\""
  }];
  int64 total = 4 [${at}.openapiv2_field) = {maximum: 5 example: "12"}];
  repeated string marks = 5 [${at}.openapiv2_field) = {pattern: "^[0-9]+$" format: "uuid" min_items: 1 max_items: 3}];
  Color color = 6 [(potter.v1.openapi_field) = {description: "Ours"}, (openapi.v3.property) = {description: "Gnostic's" title: "Gnostic's"},
    ${at}.openapiv2_field) = {description: "Theirs" title: "Theirs" example: "\\"RED\\""}];
  google.protobuf.StringValue note = 7 [${at}.openapiv2_field) = {max_length: 80}];
  int32 count = 8 [(buf.validate.field).int32 = {lte: 4}, ${at}.openapiv2_field) = {minimum: 1 maximum: 5}];
}
enum Color {
  option ${at}.openapiv2_enum) = {
    title: "A color" description: "Of all." example: "\\"RED\\"" external_docs: {url: "https://shop.test/colors"}
  };
  COLOR_UNSPECIFIED = 0;
  RED = 1;
}
message PlaceOrderResponse {}
message AskRequest {}
message AskResponse {}
`;

/** A contract with one route, and options in its file. */
const small = (option: string): string => `${head}
option ${at}.openapiv2_swagger) = {${option}};
service Small { rpc Get(GetRequest) returns (GetResponse) { option (google.api.http) = {get: "/v1/small"}; } }
message GetRequest {}
message GetResponse {}
`;

function documentFor(text: string) {
  return documentOf(narrowTo(compileProto({ ...definitions, "shop.proto": text }), ["shop.proto"]));
}

const document = documentFor(contract);
const place = document.paths?.["/v1/orders"]?.post;
const ask = document.paths?.["/v1/ask"]?.get;
const order = document.components?.schemas?.["shop.v1.PlaceOrderRequest-input"] as {
  readonly [keyword: string]: unknown;
  readonly properties: { readonly [name: string]: unknown };
};

describe("the options of grpc-gateway", () => {
  it("set the info of a document, after the options of Potter and gnostic", () => {
    expect(document.info).toEqual({
      title: "Ours",
      version: "2.0",
      description: "A shop.",
      termsOfService: "https://shop.test/terms",
      contact: { name: "Ann", email: "ann@shop.test" },
      license: { name: "MIT", url: "https://shop.test/mit" },
    });
    expect(document.externalDocs).toEqual({ url: "https://shop.test/docs", description: "Read on" });
  });

  it("set servers, one for each HTTP scheme", () => {
    expect(document.servers).toEqual([{ url: "https://shop.test:8080/api" }, { url: "http://shop.test:8080/api" }]);
    expect(documentFor(small(`host: "shop.test"`)).servers).toEqual([{ url: "//shop.test" }]);
    expect(documentFor(small(`base_path: "/api"`)).servers).toEqual([{ url: "/api" }]);
    expect(documentFor(small(`schemes: HTTPS`)).servers).toEqual([{ url: "/" }]);
  });

  it("set security schemes and requirements", () => {
    expect(document.components?.securitySchemes).toEqual({
      basic: { type: "http", scheme: "basic", description: "A password" },
      key: { type: "apiKey", name: "X-Key", in: "header" },
      ask: { type: "apiKey", name: "key", in: "query" },
      login: {
        type: "oauth2",
        flows: {
          authorizationCode: {
            authorizationUrl: "https://shop.test/login",
            tokenUrl: "https://shop.test/token",
            scopes: { buy: "To buy" },
          },
        },
      },
      machine: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "https://shop.test/token", scopes: {} } } },
    });
    expect(document.security).toEqual([{ basic: [], login: ["buy"] }]);
    expect(place?.security).toEqual([{ key: [] }]);
    expect(ask?.security).toEqual([{}]);
  });

  it("name and describe tags", () => {
    expect(document.tags).toEqual([
      { name: "More", description: "All else" },
      { name: "Ordering", description: "All of orders", externalDocs: { url: "https://shop.test/orders" } },
    ]);
    expect(ask?.tags).toEqual(["Ordering"]);
  });

  it("describe operations and add headers", () => {
    expect(place).toMatchObject({
      tags: ["More"],
      summary: "Place it",
      description: "Now.",
      operationId: "place",
      deprecated: true,
      externalDocs: { url: "https://shop.test/place" },
      parameters: [
        {
          name: "X-Attempt",
          in: "header",
          description: "Which try",
          required: true,
          schema: { type: "integer", format: "int32" },
        },
      ],
    });
    expect(place?.responses?.["200"]?.headers).toEqual({
      "X-Left": { description: "What is left", schema: { type: "integer" } },
    });
  });

  it("describe responses; an operation wins over its file", () => {
    const descriptionsOf = (operation: typeof place) =>
      [200, 404, 503].map((status) => operation?.responses?.[status]?.description);
    expect(descriptionsOf(place)).toEqual(["It is placed.", "No such thing", "Busy"]);
    expect(descriptionsOf(ask)).toEqual(["`AskResponse`", "Not there", "Busy"]);
  });

  it("describe messages and enums, with examples as the codec writes them", () => {
    expect(order).toMatchObject({
      title: "An order",
      description: "What is wanted.",
      required: ["orderId", "dueDay", "price"],
      readOnly: true,
      examples: [{ orderId: "o1", total: "12", color: "RED", marks: ["1"], dueDay: "", price: 2 }],
      externalDocs: { url: "https://shop.test/order" },
    });
    expect(document.components?.schemas?.["shop.v1.Color"]).toMatchObject({
      title: "A color",
      description: "Of all.",
      examples: ["RED"],
      externalDocs: { url: "https://shop.test/colors" },
    });
  });

  it("describe fields, as far as their ProtoJSON allows", () => {
    expect(order.properties).toEqual({
      orderId: {
        title: "Id",
        description: "Its id.",
        type: "string",
        format: "uuid",
        pattern: "^o",
        minLength: 1,
        maxLength: 9,
        default: "7",
        examples: ["o1"],
      },
      dueDay: { type: "string", readOnly: true, deprecated: true },
      price: { $ref: "#/components/schemas/float", exclusiveMinimum: 1, default: 0.5 },
      total: { $ref: "#/components/schemas/int64", examples: ["12"] },
      marks: {
        type: "array",
        items: { type: "string", pattern: "^[0-9]+$", format: "uuid" },
        minItems: 1,
        maxItems: 3,
      },
      color: {
        $ref: "#/components/schemas/shop.v1.Color",
        title: "Gnostic's",
        description: "Ours",
        examples: ["RED"],
      },
      note: { type: ["string", "null"], maxLength: 80 },
      count: { type: "integer", format: "int32", minimum: 1, maximum: 4 },
    });
  });
});
