// The operations of bindings: paths, parameters, bodies and responses.
import { describe, expect, it } from "vitest";
import { compileProto, documentOf, type OpenApiChoice } from "../../testing/index.js";

const header = `syntax = "proto3";
package shop;
import "google/api/annotations.proto";
import "google/api/httpbody.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "buf/validate/validate.proto";
import "potter/v1/openapi.proto";
import "potter/v1/options.proto";
`;

const read = (text: string, choice: OpenApiChoice = {}) =>
  documentOf(compileProto({ "shop.proto": header + text }), choice);

/** The document of a service with one rpc of these bindings. */
const documentOfRpc = (http: string, rest: string, choice: OpenApiChoice = {}) =>
  read(
    `service S { rpc Do(Request) returns (Reply) { option (google.api.http) = {${http}}; } }
message Reply { string id = 1; repeated string names = 2; }
${rest}`,
    choice,
  );

const pathsOf = (http: string, rest: string, choice: OpenApiChoice = {}) =>
  documentOfRpc(http, rest, choice).paths ?? {};

describe("paths", () => {
  const request = `message Request { string id = 1; string name = 2; Book book = 3; }
message Book { string name = 1; }
`;

  it.each([
    ['get: "/v1/orders/{id}"', "/v1/orders/{id}", ["id"]],
    ['get: "/v1/{name=shelves/*/books/*}"', "/v1/shelves/{shelf}/books/{book}", ["shelf", "book"]],
    [
      'get: "/v1/{name=projects/*/categories/*}:list"',
      "/v1/projects/{project}/categories/{category}:list",
      ["project", "category"],
    ],
    ['get: "/v1/{name=**}"', "/v1/{name}", ["name"]],
    ['get: "/v1/{name=files/**}/raw"', "/v1/files/{file}/raw", ["file"]],
    ['get: "/v1/{book.name}"', "/v1/{bookName}", ["bookName"]],
    ['get: "/v1/{name=*/*}"', "/v1/{v1}/{id}", ["v1", "id"]],
    ['get: "/v1/things/*"', "/v1/things/{thing}", ["thing"]],
    ['get: "/v1/boxes/*/boxes/*"', "/v1/boxes/{box}/boxes/{box2}", ["box", "box2"]],
    ['get: "/"', "/", []],
  ])("of %s is %s", (http, path, names) => {
    const paths = pathsOf(http, request);
    expect(Object.keys(paths)).toEqual([path]);
    const parameters = (paths[path]?.get?.parameters ?? []) as { name: string; in: string; required?: boolean }[];
    const inPath = parameters.filter((one) => one.in === "path");
    expect(inPath.map(({ name, required }) => [name, required])).toEqual(names.map((name) => [name, true]));
  });

  it("describe the variable that a parameter is a part of", () => {
    const [shelf] =
      pathsOf('get: "/v1/{name=shelves/*}/all"', request)["/v1/shelves/{shelf}/all"]?.get?.parameters ?? [];
    expect(shelf).toMatchObject({ description: "A part of `name`, which is `shelves/*`.", schema: { type: "string" } });
    const [path] = pathsOf('get: "/v1/{name=**}"', request)["/v1/{name}"]?.get?.parameters ?? [];
    expect(path).toMatchObject({ description: "It may hold slashes." });
  });

  it("of one shape are one path, with the parameter names of the first", () => {
    const { paths = {} } = read(`service S {
  rpc Get(Request) returns (Request) { option (google.api.http) = {get: "/v1/orders/{id}"}; }
  rpc Put(Request) returns (Request) { option (google.api.http) = {put: "/v1/orders/{name}" body: "*"}; }
}
${request}`);
    expect(Object.keys(paths)).toEqual(["/v1/orders/{id}"]);
    expect(paths["/v1/orders/{id}"]?.put?.parameters).toMatchObject([{ name: "id", in: "path" }]);
    const body = paths["/v1/orders/{id}"]?.put?.requestBody as {
      content: { "application/json": { schema: { properties: object } } };
    };
    expect(Object.keys(body.content["application/json"].schema.properties)).toEqual(["id", "book"]);
  });

  it("have an operation for each binding, with unique ids", () => {
    const paths = pathsOf(
      'get: "/v1/a/{id}" additional_bindings {get: "/v1/b/{id}"} additional_bindings {post: "/v1/a/{id}" body: "*"}',
      request,
    );
    expect(
      Object.entries(paths).flatMap(([path, { get, post }]) =>
        [get, post].flatMap((one) => (one ? [[path, one.operationId]] : [])),
      ),
    ).toEqual([
      ["/v1/a/{id}", "S_Do"],
      ["/v1/a/{id}", "S_Do_3"],
      ["/v1/b/{id}", "S_Do_2"],
    ]);
  });

  it("support every method in version 3.2, and the standard ones before", () => {
    const http =
      'custom: {kind: "PURGE" path: "/v1/all"} additional_bindings {custom: {kind: "QUERY" path: "/v1/all"} body: "*"} additional_bindings {custom: {kind: "HEAD" path: "/v1/all"}}';
    const item = pathsOf(http, request, { version: "3.2" })["/v1/all"] ?? {};
    expect(Object.keys(item).sort()).toEqual(["additionalOperations", "head", "query"]);
    expect(Object.keys(item.additionalOperations ?? {})).toEqual(["PURGE"]);
    expect(Object.keys(pathsOf(http, request)["/v1/all"] ?? {})).toEqual(["head"]);
  });

  it("omit rpcs with request streams, and name unbound rpcs as REST does", () => {
    const { paths } = read(`service S { rpc Up(stream Request) returns (Request); rpc Do(Request) returns (Request); }
${request}`);
    expect(Object.keys(paths ?? {})).toEqual(["/shop.S/Do"]);
  });
});

describe("query parameters", () => {
  it("are the fields with a text form, by dotted names", () => {
    const paths = pathsOf(
      'get: "/v1/orders/{id}"',
      `message Request {
  string id = 1;
  // At most so many.
  int32 page_size = 2 [(buf.validate.field).int32 = {gte: 1 lte: 100}];
  repeated string tags = 3;
  Filter filter = 4;
  map<string, int64> labels = 5;
  google.protobuf.Timestamp since = 6;
  google.protobuf.StringValue note = 7;
  google.protobuf.Value any = 8;
  google.protobuf.Struct none = 9;
  repeated Filter nones = 10;
  map<string, Filter> more_nones = 11;
  bool old = 12 [deprecated = true];
  string secret = 13 [(potter.v1.openapi_field).hidden = true];
  google.protobuf.FieldMask mask = 14;
}
message Filter { State state = 1; Filter not = 2; }
enum State { STATE_UNSPECIFIED = 0; }
`,
    );
    const parameters = paths["/v1/orders/{id}"]?.get?.parameters ?? [];
    expect(parameters.slice(1)).toEqual([
      {
        name: "pageSize",
        in: "query",
        required: true,
        description: "At most so many.",
        schema: { type: "integer", format: "int32", minimum: 1, maximum: 100 },
      },
      { name: "tags", in: "query", schema: { type: "array", items: { type: "string" } } },
      { name: "filter.state", in: "query", schema: { $ref: "#/components/schemas/shop.State" } },
      {
        name: "labels",
        in: "query",
        style: "deepObject",
        explode: true,
        schema: { type: "object", additionalProperties: { $ref: "#/components/schemas/int64" } },
      },
      { name: "since", in: "query", schema: { $ref: "#/components/schemas/google.protobuf.Timestamp" } },
      { name: "note", in: "query", schema: { type: "string" } },
      { name: "any", in: "query", schema: { type: "string" } },
      { name: "old", in: "query", deprecated: true, schema: { type: "boolean" } },
      { name: "mask", in: "query", schema: { $ref: "#/components/schemas/google.protobuf.FieldMask" } },
    ]);
  });

  it("of Value and NullValue are texts, even in lists and maps and in examples", () => {
    const paths = pathsOf(
      'get: "/v1/orders"',
      `message Request {
  repeated google.protobuf.Value any = 1 [(potter.v1.openapi_field).example = '["a", "b"]'];
  google.protobuf.NullValue none = 2 [(potter.v1.openapi_field).example = 'null'];
  map<string, google.protobuf.NullValue> nones = 3;
  google.protobuf.Value object = 4 [(potter.v1.openapi_field).example = '{"a": 1}'];
}
`,
    );
    const none = { type: "string", enum: ["NULL_VALUE"] };
    expect(paths["/v1/orders"]?.get?.parameters).toEqual([
      { name: "any", in: "query", example: ["a", "b"], schema: { type: "array", items: { type: "string" } } },
      { name: "none", in: "query", example: "NULL_VALUE", schema: none },
      {
        name: "nones",
        in: "query",
        style: "deepObject",
        explode: true,
        schema: { type: "object", additionalProperties: none },
      },
      { name: "object", in: "query", schema: { type: "string" } },
    ]);
  });

  it("exclude the body field, and all fields if the body is `*`", () => {
    const request = `message Request { string id = 1; Book book = 2; string note = 3; }
message Book { string title = 1; }
`;
    const field = pathsOf('post: "/v1/books" body: "book"', request)["/v1/books"]?.post;
    expect(field?.parameters?.map((one) => ("name" in one ? one.name : ""))).toEqual(["id", "note"]);
    expect(field?.requestBody).toEqual({
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/shop.Book" } } },
    });
    expect(pathsOf('post: "/v1/books" body: "*"', request)["/v1/books"]?.post?.parameters).toBeUndefined();
  });
});

describe("bodies", () => {
  const bodyOf = (http: string, rest: string) => {
    const [item] = Object.values(pathsOf(http, rest));
    const body = (item?.post ?? item?.patch ?? item?.put)?.requestBody as
      | { required?: boolean; content: Record<string, { schema?: Record<string, unknown> }> }
      | undefined;
    return body;
  };

  it("exclude path fields at any depth", () => {
    const body = bodyOf(
      'put: "/v1/{book.name=shelves/*}/{book.id}" body: "book"',
      `message Request { Book book = 1; }
message Book { string name = 1; string id = 2; string title = 3 [(buf.validate.field).required = true]; }
`,
    );
    const schema = body?.content["application/json"]?.schema;
    expect([Object.keys(schema?.["properties"] ?? {}), schema?.["required"], schema?.["additionalProperties"]]).toEqual(
      [["title"], ["title"], false],
    );
  });

  it("of an update require nothing, not even the mask", () => {
    const rest = `message Request { Book book = 1 [(buf.validate.field).required = true]; google.protobuf.FieldMask update_mask = 2; }
message Book { string name = 1; string title = 2 [(buf.validate.field).string.min_len = 1]; }
`;
    const http = 'patch: "/v1/{book.name=shelves/*}" body: "book"';
    const schema = bodyOf(http, rest)?.content["application/json"]?.schema;
    expect([Object.keys(schema?.["properties"] ?? {}), schema?.["required"]]).toEqual([["title"], undefined]);
    const [item] = Object.values(pathsOf(http, rest));
    const mask = item?.patch?.parameters?.find((one) => "name" in one && one.name === "updateMask");
    expect(mask).toEqual({
      name: "updateMask",
      in: "query",
      schema: { $ref: "#/components/schemas/google.protobuf.FieldMask" },
    });
  });

  it("that are inlined leave no unused component", () => {
    const { paths, components } = read(`service S { rpc Do(Request) returns (google.protobuf.Empty) {
  option (google.api.http) = {patch: "/v1/{book.name}" body: "*"};
} }
message Request { Book book = 1; }
message Book { string name = 1; string title = 2 [(buf.validate.field).required = true]; }
`);
    expect(paths?.["/v1/{bookName}"]?.patch?.requestBody).toMatchObject({
      content: { "application/json": { schema: { properties: { book: { properties: { title: {} } } } } } },
    });
    expect(Object.keys(components?.schemas ?? {})).not.toContainEqual(expect.stringMatching(/^shop\.Book/));
  });

  it("contain a nested google.api.HttpBody like any other message", () => {
    const request = "message Request { repeated google.api.HttpBody files = 1; google.api.HttpBody file = 2; }\n";
    const body = { $ref: "#/components/schemas/google.api.HttpBody" };
    const { components } = documentOfRpc('post: "/v1/files" body: "*"', request);
    expect(components?.schemas?.["shop.Request"]).toMatchObject({
      properties: { files: { type: "array", items: body }, file: body },
    });
    expect(components?.schemas?.["google.api.HttpBody"]).toMatchObject({
      type: "object",
      properties: { contentType: { type: "string" }, data: { type: "string", contentEncoding: "base64" } },
    });
  });

  it("of scalars, lists and google.api.HttpBody have their own schemas", () => {
    const scalar = bodyOf('post: "/v1/x" body: "names"', "message Request { repeated string names = 1; }\n");
    expect(scalar?.content).toEqual({ "application/json": { schema: { type: "array", items: { type: "string" } } } });
    const raw = 'post: "/v1/x" body: "raw"';
    const request = "message Request { google.api.HttpBody raw = 1; }\n";
    expect(bodyOf(raw, request)?.content).toEqual({ "*/*": {} });
    const [old] = Object.values(pathsOf(raw, request, { version: "3.0" }));
    expect(old?.post?.requestBody).toEqual({
      required: true,
      content: { "*/*": { schema: { type: "string", format: "binary" } } },
    });
  });
});

describe("responses", () => {
  it("are one field if the binding has a response_body", () => {
    const [item] = Object.values(pathsOf('get: "/v1/names" response_body: "names"', "message Request {}\n"));
    expect(item?.get?.responses?.[200]?.content).toEqual({
      "application/json": { schema: { type: "array", items: { type: "string" } } },
    });
  });

  it("of streams are events, described by item since 3.2", () => {
    const text = "service S { rpc Watch(Item) returns (stream Item); }\nmessage Item { string id = 1; }\n";
    const contentOf = (version: string) =>
      read(text, { version }).paths?.["/shop.S/Watch"]?.post?.responses?.[200]?.content;
    expect(contentOf("3.2")).toMatchObject({
      "text/event-stream": {
        itemSchema: { properties: { data: { contentSchema: { $ref: "#/components/schemas/shop.Item" } } } },
      },
    });
    const item = { "text/event-stream": { schema: { $ref: "#/components/schemas/shop.Item" } } };
    expect(contentOf("3.1")).toEqual(item);
    expect(contentOf("3.0")).toEqual(item);
  });

  it("of errors are problems, with a type for each declared error and no personal data", () => {
    const document = read(`service S {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc Ship(ShipRequest) returns (google.protobuf.Empty) {
    option (potter.v1.command) = {creates: false emits: "Shipped" fails_with: "NotOpen" fails_with: "Unknown"};
  }
}
message ShipRequest { string order_id = 1; }
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message Shipped { option (potter.v1.event) = {}; string order_id = 1; }
// It is shipped or cancelled.
message NotOpen { option (potter.v1.error) = {}; string order_id = 1; string email = 2 [(potter.v1.field).personal = true]; }
message Unknown { option (potter.v1.error) = {code: CODE_NOT_FOUND}; }
`);
    const responses = document.paths?.["/shop.S/Ship"]?.post?.responses ?? {};
    const problem = (...names: string[]) => ({
      "application/problem+json": {
        schema: { anyOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })) },
        example: expect.objectContaining({ type: `urn:proto:${names[0]?.replace("-problem", "")}` }),
      },
    });
    expect(Object.keys(responses)).toEqual(["200", "400", "404", "409", "412", "default"]);
    expect(responses[404]).toEqual({
      description: "Not Found: `Unknown`",
      content: problem("shop.Unknown-problem", "problem-details"),
    });
    expect(responses[409].content).toEqual(problem("shop.NotOpen-problem", "problem-details"));
    expect(responses[400]).toEqual({ $ref: "#/components/responses/bad-request" });
    const common = document.components?.schemas?.["problem-details"] as { properties: object };
    expect(document.components?.schemas?.["shop.NotOpen-problem"]).toEqual({
      title: "NotOpenProblem",
      description: "It is shipped or cancelled.",
      type: "object",
      properties: {
        ...common.properties,
        type: { type: "string", const: "urn:proto:shop.NotOpen" },
        status: { type: "integer", const: 409 },
        code: { type: "string", const: "failed_precondition" },
        error: {
          type: "object",
          properties: { "@type": { type: "string", const: "shop.NotOpen" }, orderId: { type: "string" } },
          required: ["@type"],
          additionalProperties: false,
        },
      },
      required: ["type", "title", "status", "code", "error"],
    });
  });
});
