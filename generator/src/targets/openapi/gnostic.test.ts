import { clone } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto, documentOf, narrowTo, type ProtoFiles } from "../../testing/index.js";

/** The part of gnostic's options that is used here: its package, names and numbers. */
const definitions: ProtoFiles = {
  "openapiv3/OpenAPIv3.proto": `syntax = "proto3";
package openapi.v3;
import "google/protobuf/any.proto";
message Any { google.protobuf.Any value = 1; string yaml = 2; }
message Contact { string name = 1; string url = 2; string email = 3; }
message License { string name = 1; string url = 2; }
message Info {
  string title = 1; string description = 2; string terms_of_service = 3; Contact contact = 4; License license = 5;
  string version = 6; string summary = 8;
}
message ServerVariable { repeated string enum = 1; string default = 2; string description = 3; }
message NamedServerVariable { string name = 1; ServerVariable value = 2; }
message ServerVariables { repeated NamedServerVariable additional_properties = 1; }
message Server { string url = 1; string description = 2; ServerVariables variables = 3; }
message ExternalDocs { string description = 1; string url = 2; }
message Tag { string name = 1; string description = 2; ExternalDocs external_docs = 3; }
message StringArray { repeated string value = 1; }
message NamedStringArray { string name = 1; StringArray value = 2; }
message SecurityRequirement { repeated NamedStringArray additional_properties = 1; }
message NamedString { string name = 1; string value = 2; }
message Strings { repeated NamedString additional_properties = 1; }
message OauthFlow { string authorization_url = 1; string token_url = 2; string refresh_url = 3; Strings scopes = 4; }
message OauthFlows {
  OauthFlow implicit = 1; OauthFlow password = 2; OauthFlow client_credentials = 3; OauthFlow authorization_code = 4;
}
message SecurityScheme {
  string type = 1; string description = 2; string name = 3; string in = 4; string scheme = 5;
  string bearer_format = 6; OauthFlows flows = 7; string open_id_connect_url = 8;
}
message SecuritySchemeOrReference { oneof oneof { SecurityScheme security_scheme = 1; } }
message NamedSecuritySchemeOrReference { string name = 1; SecuritySchemeOrReference value = 2; }
message SecuritySchemesOrReferences { repeated NamedSecuritySchemeOrReference additional_properties = 1; }
message Components { SecuritySchemesOrReferences security_schemes = 7; }
message Document {
  Info info = 2; repeated Server servers = 3; Components components = 5; repeated SecurityRequirement security = 6;
  repeated Tag tags = 7; ExternalDocs external_docs = 8;
}
message DefaultType { oneof oneof { double number = 1; bool boolean = 2; string string = 3; } }
message Schema {
  bool read_only = 3; bool write_only = 4; ExternalDocs external_docs = 6; Any example = 7; bool deprecated = 8;
  string title = 9; double multiple_of = 10; double maximum = 11; bool exclusive_maximum = 12; double minimum = 13;
  bool exclusive_minimum = 14; int64 max_length = 15; int64 min_length = 16; string pattern = 17; int64 max_items = 18;
  bool unique_items = 20; int64 max_properties = 21; repeated string required = 23; string type = 25;
  DefaultType default = 33; string description = 34; string format = 35;
}
message SchemaOrReference { oneof oneof { Schema schema = 1; } }
message Parameter {
  string name = 1; string in = 2; string description = 3; bool required = 4; SchemaOrReference schema = 10;
  Any example = 11;
}
message ParameterOrReference { oneof oneof { Parameter parameter = 1; } }
message Header { string description = 1; bool required = 2; SchemaOrReference schema = 8; Any example = 9; }
message HeaderOrReference { oneof oneof { Header header = 1; } }
message NamedHeaderOrReference { string name = 1; HeaderOrReference value = 2; }
message HeadersOrReferences { repeated NamedHeaderOrReference additional_properties = 1; }
message Response { string description = 1; HeadersOrReferences headers = 2; }
message ResponseOrReference { oneof oneof { Response response = 1; } }
message NamedResponseOrReference { string name = 1; ResponseOrReference value = 2; }
message Responses { ResponseOrReference default = 1; repeated NamedResponseOrReference response_or_reference = 2; }
message Operation {
  repeated string tags = 1; string summary = 2; string description = 3; ExternalDocs external_docs = 4;
  string operation_id = 5; repeated ParameterOrReference parameters = 6; Responses responses = 8;
  bool deprecated = 10; repeated SecurityRequirement security = 11;
}
`,
  "openapiv3/annotations.proto": `syntax = "proto3";
package openapi.v3;
import "openapiv3/OpenAPIv3.proto";
import "google/protobuf/descriptor.proto";
extend google.protobuf.FileOptions { Document document = 1143; }
extend google.protobuf.MethodOptions { Operation operation = 1143; }
extend google.protobuf.MessageOptions { Schema schema = 1143; }
extend google.protobuf.FieldOptions { Schema property = 1143; }
`,
};

const contract = `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "openapiv3/annotations.proto";
import "potter/v1/openapi.proto";

option (openapi.v3.document) = {
  info: {
    title: "Shop" version: "2.0" summary: "Sells" description: "A shop." terms_of_service: "https://shop.test/terms"
    contact: {name: "Ann" url: "https://shop.test" email: "ann@shop.test"}
    license: {name: "MIT" url: "https://shop.test/mit"}
  }
  servers: {
    url: "https://{region}.shop.test" description: "Live"
    variables: {additional_properties: {name: "region" value: {default: "eu" enum: "eu" enum: "us" description: "Where"}}}
  }
  components: {security_schemes: {
    additional_properties: {name: "basic" value: {security_scheme: {type: "http" scheme: "basic" description: "A password"}}}
    additional_properties: {name: "key" value: {security_scheme: {type: "apiKey" name: "X-Key" in: "query"}}}
    additional_properties: {name: "login" value: {security_scheme: {type: "oauth2" flows: {
      implicit: {authorization_url: "https://shop.test/login" scopes: {additional_properties: {name: "buy" value: "To buy"}}}
    }}}}
  }}
  security: {additional_properties: {name: "basic" value: {}}}
  security: {additional_properties: {name: "login" value: {value: "buy"}}}
  tags: {name: "Orders" description: "All of orders" external_docs: {url: "https://shop.test/orders"}}
  external_docs: {url: "https://shop.test/docs" description: "More"}
};
option (potter.v1.openapi_document) = {version: "3.0"};

service Orders {
  // The comment.
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (google.api.http) = {post: "/v1/orders" body: "*"};
    option (openapi.v3.operation) = {
      tags: "Buying" summary: "Place it" description: "Now." operation_id: "place" deprecated: true
      external_docs: {url: "https://shop.test/place"}
      security: {additional_properties: {name: "key" value: {}}}
      parameters: {parameter: {
        name: "X-Attempt" in: "header" description: "Which try" required: true
        schema: {schema: {type: "integer" format: "int32"}} example: {yaml: "2"}
      }}
      parameters: {parameter: {name: "X-Tab" in: "query"}}
      responses: {
        response_or_reference: {name: "200" value: {response: {
          description: "It is placed."
          headers: {additional_properties: {name: "X-Left" value: {header: {description: "What is left"}}}}
        }}}
        response_or_reference: {name: "418" value: {response: {description: "A teapot"}}}
        default: {response: {description: "It went wrong"}}
      }
    };
  }
  rpc Ask(AskRequest) returns (AskResponse) {
    option (google.api.http) = {get: "/v1/ask"};
    option (openapi.v3.operation) = {summary: "Theirs" description: "Theirs too" security: {}};
    option (potter.v1.openapi_operation) = {summary: "Ours"};
  }
}
message PlaceOrderRequest {
  option (openapi.v3.schema) = {
    title: "An order" description: "What is wanted." required: "order_id" required: "dueDay" read_only: true deprecated: true
    example: {yaml: "order_id: o1\\ntotal: 12\\ncount: 2\\ndue_day: 2026-01-02\\nsecret: ''"}
    external_docs: {url: "https://shop.test/order"}
  };
  string order_id = 1 [(openapi.v3.property) = {
    title: "Id" description: "Its id." format: "uuid" pattern: "^o" min_length: 1 max_length: 9
    example: {yaml: "o1"} default: {string: "o0"}
  }];
  string due_day = 2 [(openapi.v3.property) = {read_only: true deprecated: true example: {yaml: "2026-01-02"}}];
  int32 count = 3 [(openapi.v3.property) = {
    minimum: 1 maximum: 10 exclusive_maximum: true multiple_of: 2 default: {number: 4} format: "rank"
  }];
  int64 total = 4 [(openapi.v3.property) = {minimum: 1 example: {yaml: "12"}}];
  repeated string notes = 5 [(openapi.v3.property) = {max_length: 80 max_items: 3 unique_items: true format: "uri"}];
  map<string, string> marks = 6 [(openapi.v3.property) = {max_properties: 4}];
  string secret = 7 [(openapi.v3.property) = {write_only: true pattern: "{1, 2}" example: {yaml: "[1]"}}];
}
message PlaceOrderResponse {}
message AskRequest { string word = 1 [(openapi.v3.property) = {title: "Word" min_length: 2}]; }
message AskResponse {}
`;

const request = narrowTo(compileProto({ ...definitions, "shop.proto": contract }), ["shop.proto"]);
const document = documentOf(request);
const place = document.paths?.["/v1/orders"]?.post;
const ask = document.paths?.["/v1/ask"]?.get;
const order = document.components?.schemas?.["shop.v1.PlaceOrderRequest-input"] as {
  readonly [keyword: string]: unknown;
  readonly properties: { readonly [name: string]: unknown };
};

describe("the options of gnostic", () => {
  it("set the info of a document, after Potter's options", () => {
    expect(document.info).toEqual({
      title: "Shop",
      version: "3.0",
      summary: "Sells",
      description: "A shop.",
      termsOfService: "https://shop.test/terms",
      contact: { name: "Ann", url: "https://shop.test", email: "ann@shop.test" },
      license: { name: "MIT", url: "https://shop.test/mit" },
    });
    expect(document.externalDocs).toEqual({ url: "https://shop.test/docs", description: "More" });
    expect(document.servers).toEqual([
      {
        url: "https://{region}.shop.test",
        description: "Live",
        variables: { region: { default: "eu", enum: ["eu", "us"], description: "Where" } },
      },
    ]);
  });

  it("describe the tag of a service once", () => {
    expect(document.tags).toEqual([
      { name: "Orders", description: "All of orders", externalDocs: { url: "https://shop.test/orders" } },
    ]);
  });

  it("set security schemes and requirements", () => {
    expect(document.components?.securitySchemes).toEqual({
      basic: { type: "http", scheme: "basic", description: "A password" },
      key: { type: "apiKey", name: "X-Key", in: "query" },
      login: {
        type: "oauth2",
        flows: { implicit: { authorizationUrl: "https://shop.test/login", scopes: { buy: "To buy" } } },
      },
    });
    expect(document.security).toEqual([{ basic: [] }, { login: ["buy"] }]);
    expect(place?.security).toEqual([{ key: [] }]);
    expect(ask?.security).toEqual([{}]);
  });

  it("describe operations, after Potter's options", () => {
    expect(place).toMatchObject({
      tags: ["Buying"],
      summary: "Place it",
      description: "Now.",
      operationId: "place",
      deprecated: true,
      externalDocs: { url: "https://shop.test/place" },
    });
    expect(ask).toMatchObject({ summary: "Ours", description: "Theirs too", tags: ["Orders"] });
  });

  it("add headers, and no other parameters", () => {
    expect(place?.parameters).toEqual([
      {
        name: "X-Attempt",
        in: "header",
        description: "Which try",
        required: true,
        example: 2,
        schema: { type: "integer", format: "int32" },
      },
    ]);
    expect(place?.responses?.["200"]?.headers).toEqual({
      "X-Left": { description: "What is left", schema: { type: "string" } },
    });
  });

  it("describe responses and add error responses", () => {
    const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/problem-details" } } };
    expect(place?.responses?.["200"]?.description).toBe("It is placed.");
    expect(place?.responses?.["418"]).toEqual({ description: "A teapot", content });
    expect(place?.responses?.["default"]).toEqual({ description: "It went wrong", content });
  });

  it("describe messages, with examples as the codec writes them", () => {
    expect(order).toMatchObject({
      title: "An order",
      description: "What is wanted.",
      required: ["orderId", "dueDay"],
      readOnly: true,
      deprecated: true,
      examples: [{ orderId: "o1", total: "12", count: 2, dueDay: "2026-01-02", secret: "" }],
      externalDocs: { url: "https://shop.test/order" },
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
        default: "o0",
        examples: ["o1"],
      },
      dueDay: { type: "string", readOnly: true, deprecated: true, examples: ["2026-01-02"] },
      count: { type: "integer", format: "int32", minimum: 1, exclusiveMaximum: 10, multipleOf: 2, default: 4 },
      total: { $ref: "#/components/schemas/int64", examples: ["12"] },
      notes: { type: "array", items: { type: "string", format: "uri", maxLength: 80 }, maxItems: 3, uniqueItems: true },
      marks: { type: "object", additionalProperties: { type: "string" }, maxProperties: 4 },
      secret: { type: "string", writeOnly: true },
    });
  });

  it("describe fields that are parameters", () => {
    expect(ask?.parameters).toEqual([
      { name: "word", in: "query", schema: { title: "Word", type: "string", minLength: 2 } },
    ]);
  });

  it("are read with the request only: an option without a definition is ignored", () => {
    const bare = clone(CodeGeneratorRequestSchema, request);
    for (const file of bare.protoFile) file.extension = [];
    expect(documentOf(bare).info).toEqual({ title: "shop.v1", version: "3.0" });
  });
});
