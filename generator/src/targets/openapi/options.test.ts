// Every OpenAPI option, by its effect on the document.
import { describe, expect, it } from "vitest";
import { compileProto, documentOf, emitOpenApi, type OpenApiChoice } from "../../testing/index.js";

const header = `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "potter/v1/openapi.proto";
import "potter/v1/options.proto";
`;

const order = `message Order { string order_id = 1; }
`;

/** A file with a document option, a service option, an operation option, and further declarations. */
function proto(parts: { document?: string; service?: string; operation?: string; rest?: string }): string {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? "" : `option (potter.v1.${name}) = {${value}};`;
  return `${header}${option("openapi_document", parts.document)}
// Takes orders.
service OrderService {
  ${option("openapi_service", parts.service)}
  // Gets an order.
  rpc GetOrder(Order) returns (Order) {
    option (google.api.http) = {get: "/v1/orders/{order_id}"};
    ${option("openapi_operation", parts.operation)}
  }
}
${parts.rest ?? order}`;
}

const read = (parts: Parameters<typeof proto>[0], choice: OpenApiChoice = {}) =>
  documentOf(compileProto({ "shop.proto": proto(parts) }), choice);

const operationOf = (parts: Parameters<typeof proto>[0], choice: OpenApiChoice = {}) =>
  read(parts, choice).paths?.["/v1/orders/{orderId}"]?.get;

const schemasOf = (rest: string, choice: OpenApiChoice = {}) => read({ rest }, choice).components?.schemas ?? {};

describe("the option of a document", () => {
  it("sets its info", () => {
    const document = `title: "Shop" version: "2.1.0" summary: "S" description: "D" terms_of_service: "https://shop.test/terms"
      contact: {name: "Ann" url: "https://shop.test" email: "ann@shop.test"}
      license: {name: "MIT" identifier: "MIT"}`;
    expect(read({ document }).info).toEqual({
      title: "Shop",
      version: "2.1.0",
      summary: "S",
      description: "D",
      termsOfService: "https://shop.test/terms",
      contact: { name: "Ann", url: "https://shop.test", email: "ann@shop.test" },
      license: { name: "MIT", identifier: "MIT" },
    });
    const { summary, license } = read({ document }, { version: "3.0" }).info;
    expect([summary, license]).toEqual([undefined, { name: "MIT", url: "https://spdx.org/licenses/MIT.html" }]);
  });

  it("defaults to the package and its version", () => {
    expect(read({}).info).toEqual({ title: "shop.v1", version: "v1" });
    expect(read({}).servers).toEqual([{ url: "/" }]);
    expect(read({}).security).toEqual([]);
  });

  it("sets its servers and external docs", () => {
    const document = `servers: {url: "https://{region}.shop.test" description: "Live" variables: {key: "region" value: {default: "eu" enum: ["eu", "us"] description: "Where"}}}
      external_docs: {url: "https://shop.test/docs" description: "More"}`;
    const { servers, externalDocs } = read({ document });
    expect(servers).toEqual([
      {
        url: "https://{region}.shop.test",
        description: "Live",
        variables: { region: { default: "eu", enum: ["eu", "us"], description: "Where" } },
      },
    ]);
    expect(externalDocs).toEqual({ url: "https://shop.test/docs", description: "More" });
  });

  it("sets its security schemes", () => {
    const scheme = (name: string, value: string) => `security_schemes: {key: "${name}" value: {${value}}}`;
    const document = [
      scheme("token", 'description: "T" http: {scheme: "bearer" bearer_format: "JWT"}'),
      scheme("key", 'api_key: {name: "X-Key"}'),
      scheme("cookie", 'api_key: {name: "sid" in: OPEN_API_KEY_LOCATION_COOKIE}'),
      scheme("query", 'api_key: {name: "k" in: OPEN_API_KEY_LOCATION_QUERY}'),
      scheme("oidc", 'open_id_connect_url: "https://id.shop.test"'),
      scheme("tls", "mutual_tls: true"),
      scheme(
        "oauth",
        'oauth2: {authorization_code: {authorization_url: "https://a" token_url: "https://t" refresh_url: "https://r" scopes: {key: "read" value: "Reads"}}}',
      ),
      'security: {schemes: {scheme: "token"} schemes: {scheme: "key"}} security: {schemes: {scheme: "oauth" scopes: ["read"]}}',
    ].join("\n");
    const { components, security, paths } = read({ document });
    expect(components?.securitySchemes).toEqual({
      token: { type: "http", description: "T", scheme: "bearer", bearerFormat: "JWT" },
      key: { type: "apiKey", name: "X-Key", in: "header" },
      cookie: { type: "apiKey", name: "sid", in: "cookie" },
      query: { type: "apiKey", name: "k", in: "query" },
      oidc: { type: "openIdConnect", openIdConnectUrl: "https://id.shop.test" },
      tls: { type: "mutualTLS" },
      oauth: {
        type: "oauth2",
        flows: {
          authorizationCode: {
            authorizationUrl: "https://a",
            tokenUrl: "https://t",
            refreshUrl: "https://r",
            scopes: { read: "Reads" },
          },
        },
      },
    });
    expect(security).toEqual([{ token: [], key: [] }, { oauth: ["read"] }]);
    const responses = Object.keys(paths?.["/v1/orders/{orderId}"]?.get?.responses ?? {});
    expect(responses).toEqual(["200", "400", "401", "403", "404", "default"]);
    expect(Object.keys(read({ document }, { version: "3.0" }).components?.securitySchemes ?? {})).not.toContain("tls");
  });

  it("is joined over files; the first file wins", () => {
    const second = `${header.replace("shop.v1", "stock.v1")}option (potter.v1.openapi_document) = {
  title: "Stock" description: "From stock" servers: {url: "https://b.test"}
};
service StockService { rpc GetItem(Item) returns (Item); }
message Item { string sku = 1; }
`;
    const first = proto({ document: 'title: "Shop" servers: {url: "https://a.test"}' });
    const document = documentOf(compileProto({ "a.proto": first, "b.proto": second }));
    expect(document.info).toEqual({ title: "Shop", description: "From stock", version: "0.0.0" });
    expect(document.servers?.map(({ url }) => url)).toEqual(["https://a.test", "https://b.test"]);
  });
});

describe("the option of a service", () => {
  it("names its tag and external docs", () => {
    const service = 'tag: "Orders" external_docs: {url: "https://shop.test/orders"}';
    expect(read({ service }).tags).toEqual([
      { name: "Orders", description: "Takes orders.", externalDocs: { url: "https://shop.test/orders" } },
    ]);
    expect(operationOf({ service })?.tags).toEqual(["Orders"]);
  });

  it("applies to all its operations", () => {
    const parts = {
      document: 'security_schemes: {key: "token" value: {http: {scheme: "bearer"}}}',
      service: 'security: {schemes: {scheme: "token"}}',
    };
    expect(operationOf(parts)?.security).toEqual([{ token: [] }]);
    expect(operationOf({ ...parts, operation: "security: {}" })?.security).toEqual([{}]);
    expect(Object.keys(operationOf({ ...parts, operation: "security: {}" })?.responses ?? {})).not.toContain("401");
  });

  it("hides it", () => {
    expect(emitOpenApi(compileProto({ "shop.proto": proto({ service: "hidden: true" }) }))).toEqual({});
  });
});

describe("the option of an operation", () => {
  it("names and describes it", () => {
    const operation =
      'operation_id: "getIt" summary: "S" description: "D" tags: ["A", "B"] external_docs: {url: "https://shop.test"}';
    expect(operationOf({ operation })).toMatchObject({
      operationId: "getIt",
      summary: "S",
      description: "D",
      tags: ["A", "B"],
      externalDocs: { url: "https://shop.test" },
    });
    expect(operationOf({})).toMatchObject({
      operationId: "OrderService_GetOrder",
      summary: "Gets an order",
      tags: ["OrderService"],
    });
  });

  it("sets its success status", () => {
    expect(Object.keys(operationOf({ operation: "status: 202" })?.responses ?? {})).toContain("202");
    const { 204: nothing } = operationOf({ operation: "status: 204" })?.responses ?? {};
    expect(nothing).toEqual({ description: "Success without a response body" });
  });

  it("adds headers", () => {
    const operation = `request_headers: {name: "X-Shop" description: "Which" required: true example: "eu"}
      response_headers: {name: "X-Left" description: "Calls left"}`;
    const { parameters, responses } = operationOf({ operation }) ?? {};
    expect(parameters).toContainEqual({
      name: "X-Shop",
      in: "header",
      description: "Which",
      required: true,
      example: "eu",
      schema: { type: "string" },
    });
    expect(responses?.[200]?.headers).toEqual({ "X-Left": { description: "Calls left", schema: { type: "string" } } });
  });

  it("hides it", () => {
    expect(read({ operation: "hidden: true" }).paths).toEqual({});
  });
});

describe("the option of a message or an enum", () => {
  it("names and describes it, with an example", () => {
    const rest = `message Order {
  option (potter.v1.openapi_schema) = {name: "TheOrder" title: "T" description: "D" example: '{"orderId": "o1"}' external_docs: {url: "https://shop.test"}};
  string order_id = 1;
  Status status = 2;
}
enum Status {
  option (potter.v1.openapi_enum) = {name: "TheStatus" description: "How it stands." example: '"STATUS_OPEN"'};
  STATUS_UNSPECIFIED = 0;
  // Not yet sent.
  STATUS_OPEN = 1;
}
`;
    const schemas = schemasOf(rest);
    expect(schemas["TheOrder"]).toMatchObject({
      title: "T",
      description: "D",
      examples: [{ orderId: "o1" }],
      externalDocs: { url: "https://shop.test" },
      properties: { status: { $ref: "#/components/schemas/TheStatus" } },
    });
    expect(schemas["TheStatus"]).toEqual({
      title: "Status",
      description: "How it stands.\n\n- `STATUS_OPEN`: Not yet sent.",
      type: "string",
      enum: ["STATUS_UNSPECIFIED", "STATUS_OPEN"],
      examples: ["STATUS_OPEN"],
    });
    expect(schemasOf(rest, { version: "3.0" })["TheStatus"]).toMatchObject({ example: "STATUS_OPEN" });
  });
});

describe("the option of a field", () => {
  it("describes it as a property and as a parameter, with an example", () => {
    const rest = `message Order {
  string order_id = 1 [(potter.v1.openapi_field) = {description: "The id." example: '"o1"' format: "uuid"}];
  string note = 2 [(potter.v1.openapi_field) = {example: '"soon"'}];
}
`;
    const [id, note] = read({ rest }).paths?.["/v1/orders/{orderId}"]?.get?.parameters ?? [];
    expect(id).toEqual({
      name: "orderId",
      in: "path",
      required: true,
      description: "The id.",
      example: "o1",
      schema: { type: "string", format: "uuid" },
    });
    expect(note).toEqual({ name: "note", in: "query", example: "soon", schema: { type: "string" } });
    expect(schemasOf(rest)["shop.v1.Order"]).toMatchObject({
      properties: { orderId: { type: "string", description: "The id.", format: "uuid", examples: ["o1"] } },
    });
  });

  it("hides it, and allows other properties in its message", () => {
    const rest = `message Order { string order_id = 1; string secret = 2 [(potter.v1.openapi_field).hidden = true]; }
`;
    const schema = schemasOf(rest)["shop.v1.Order"] as { properties: object; additionalProperties?: unknown };
    expect([Object.keys(schema.properties), schema.additionalProperties]).toEqual([["orderId"], undefined]);
    expect(JSON.stringify(read({ rest }))).not.toContain("secret");
  });
});

describe("google.api.field_behavior", () => {
  it("marks fields that requests require and responses may omit", () => {
    const rest = `message Order {
  string order_id = 1;
  Item item = 2 [(google.api.field_behavior) = REQUIRED];
  string etag = 3 [(google.api.field_behavior) = OUTPUT_ONLY];
  string password = 4 [(google.api.field_behavior) = INPUT_ONLY];
}
message Item { string sku = 1; }
`;
    const post = `${rest}service Placing { rpc Place(Order) returns (Order); }\n`;
    const schemas = schemasOf(post);
    expect(schemas["shop.v1.Order"]).not.toHaveProperty("required");
    expect(schemas["shop.v1.Order-input"]).toMatchObject({
      required: ["item"],
      properties: { etag: { readOnly: true }, password: { writeOnly: true } },
    });
  });
});

describe("the base document", () => {
  const base = `info: {title: Ours, license: {name: MIT}}
servers: [{url: "https://base.test"}]
security: [{token: []}]
tags: [{name: OrderService, description: Ours}, {name: Extra, description: More}]
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
x-team: shop
`;

  it("sets presentation and servers; the contract sets content", () => {
    const document = read({ document: 'title: "Shop" description: "D"' }, { base });
    expect(document).toMatchObject({
      openapi: "3.1.1",
      info: { title: "Ours", description: "D", license: { name: "MIT" }, version: "v1" },
      servers: [{ url: "https://base.test" }],
      security: [{ token: [] }],
      tags: [
        { name: "OrderService", description: "Ours" },
        { name: "Extra", description: "More" },
      ],
      "x-team": "shop",
    });
    expect(document.components?.securitySchemes).toEqual({ token: { type: "http", scheme: "bearer" } });
    expect(Object.keys(document.components?.schemas ?? {})).toContain("shop.v1.Order");
    expect(Object.keys(operationOf({}, { base })?.responses ?? {})).toContain("401");
  });

  it("is rejected if it is not a document", () => {
    expect(() => read({}, { base: "- a" })).toThrow(
      "the base document is not an object: expected an object with parts of a document",
    );
    expect(() => read({}, { base: "{a" })).toThrow("the base document is neither valid YAML nor JSON: ");
  });
});

describe("the option output", () => {
  const files = {
    "shop/v1/shop.proto": proto({}),
    "stock/v1/stock.proto": `${header.replace("shop.v1", "stock.v1")}
service StockService { rpc GetItem(Item) returns (Item); }
service AuditService { rpc GetItem(Item) returns (Item); }
message Item { string sku = 1; }
`,
  };

  it.each([
    ["merged", ["openapi.yaml"]],
    ["file", ["shop/v1/shop.openapi.yaml", "stock/v1/stock.openapi.yaml"]],
    [
      "service",
      ["shop/v1/OrderService.openapi.yaml", "stock/v1/AuditService.openapi.yaml", "stock/v1/StockService.openapi.yaml"],
    ],
  ])("%s generates %j", (output, names) => {
    expect(Object.keys(emitOpenApi(compileProto(files), { output }))).toEqual(names);
  });

  it("`file` applies the document options of all files to each document", () => {
    const shop = proto({ document: 'title: "Shop" license: {name: "MIT"}' });
    const texts = emitOpenApi(compileProto({ ...files, "shop/v1/shop.proto": shop }), {
      output: "file",
      format: "json",
    });
    expect(Object.values(texts).map((text) => JSON.parse(text).info)).toEqual([
      { title: "Shop", version: "v1", license: { name: "MIT" } },
      { title: "Shop", version: "v1", license: { name: "MIT" } },
    ]);
  });

  it("`merged` keeps services of one name apart", () => {
    const twin = files["stock/v1/stock.proto"].replace("StockService", "OrderService");
    const { tags, paths } = documentOf(compileProto({ ...files, "stock/v1/stock.proto": twin }));
    expect(tags?.map(({ name }) => name)).toEqual(["shop.v1.OrderService", "stock.v1.OrderService", "AuditService"]);
    const ids = Object.values(paths ?? {}).flatMap(({ get, post }) => [get?.operationId, post?.operationId]);
    expect(ids.filter((id) => id !== undefined)).toEqual([
      "shop_v1_OrderService_GetOrder",
      "stock_v1_OrderService_GetItem",
      "AuditService_GetItem",
    ]);
  });

  it("`json` writes JSON", () => {
    const [text = ""] = Object.values(emitOpenApi(compileProto(files), { format: "json" }));
    expect(JSON.parse(text)).toMatchObject({ openapi: "3.1.1" });
  });
});
