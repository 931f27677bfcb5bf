import { describe, expect, it } from "vitest";
import { compileProto, emitGraphQL, type GraphQLChoice } from "../../testing/index.js";

const imports = ["google/api/field_behavior", "potter/v1/graphql", "potter/v1/options"];

function write(declarations: string, options: GraphQLChoice = {}): Readonly<Record<string, string>> {
  const header = `syntax = "proto3";\npackage shop;\n${imports.map((path) => `import "${path}.proto";\n`).join("")}`;
  return emitGraphQL(compileProto({ "shop/shop.proto": header + declarations }), options);
}

const sdl = (declarations: string, options?: GraphQLChoice): string =>
  write(declarations, options)["schema.graphql"] ?? "";
const module = (declarations: string): string => write(declarations)["schema_graphql.ts"] ?? "";

/** The SDL definition of a type. */
function typeOf(text: string, name: string): string {
  return new RegExp(`^(?:type|input|enum|union) ${name}\\b[^]*?(?:^}|\\n\\n)`, "m").exec(text)?.[0].trim() ?? "";
}

const get =
  "service S { rpc GetThing(GetThingRequest) returns (Thing); }\nmessage GetThingRequest { string id = 1; }\n";

describe("entities", () => {
  const stock = (options: string) => `service StockService {
  rpc FindStock(FindStockRequest) returns (FindStockResponse) { ${options} }
  rpc GetStock(GetStockRequest) returns (Stock);
  rpc GetLine(GetStockRequest) returns (Line);
}
message FindStockRequest { repeated string skus = 1; repeated string tags = 2; }
message FindStockResponse { repeated Stock items = 1; }
message GetStockRequest { string sku = 1; }
message Stock { string sku = 1 [(potter.v1.field).id = true]; }
message Line { string sku = 1 [(potter.v1.graphql_field).reference = {type: "Stock"}]; }
`;

  it("are looked up in batches by an rpc whose option names the field of keys", () => {
    expect(module(stock('option (potter.v1.graphql_method) = {batch_keys: "skus"};'))).toContain(
      'Stock: { lookups: [{ method: StockService.methods.findStock, keys: { skus: "sku" }, items: "items" }] }',
    );
    expect(module(stock(""))).toContain(
      'Stock: { lookups: [{ method: StockService.methods.getStock, keys: { sku: "sku" } }] }',
    );
  });

  it("have all their keys; a key without a lookup is not resolvable", () => {
    const text =
      sdl(`service S { rpc GetSeat(GetSeatRequest) returns (Seat); rpc GetFlight(GetSeatRequest) returns (Flight); }
message GetSeatRequest { string flight = 1; int32 row = 2; }
message Seat { option (potter.v1.graphql_type) = {key: ["flight row", "code"]}; string flight = 1; int32 row = 2; string code = 3; }
message Flight { option (potter.v1.graphql_type) = {key: "number"}; int32 number = 1; }
`);
    expect(typeOf(text, "Seat")).toContain(
      'type Seat @key(fields: "flight row") @key(fields: "code", resolvable: false) {',
    );
    expect(typeOf(text, "Flight")).toContain('type Flight @key(fields: "number", resolvable: false) {');
    expect(sdl(stock(""), { federation: "on" })).toMatch(/^extend schema @link\(.*import: \[\]\)$/m);
  });

  it("have no federation directives if federation is off", () => {
    const keyed = `${get}message Thing { option (potter.v1.graphql_type) = {key: "id"}; string id = 1; }`;
    expect(sdl(keyed)).toContain("@key");
    expect(sdl(keyed, { federation: "off" })).not.toMatch(/@key|@link/);
  });
});

describe("files", () => {
  const two = `service OrderService { rpc GetOrder(Order) returns (Order); }
service StockService { rpc GetStock(Order) returns (Order); }
service Empty {}
message Order { string id = 1; }
`;

  it("are written once, per proto file, or per service with fields", () => {
    expect(Object.keys(write(two))).toEqual(["schema.graphql", "schema_graphql.ts"]);
    expect(Object.keys(write(two, { output: "file" }))).toEqual(["shop/shop.graphql", "shop/shop_graphql.ts"]);
    expect(Object.keys(write(two, { output: "service" }))).toEqual([
      "shop/OrderService.graphql",
      "shop/OrderService_graphql.ts",
      "shop/StockService.graphql",
      "shop/StockService_graphql.ts",
    ]);
    expect(write("message Lonely {}")).toEqual({});
  });

  it("import with the requested file extension", () => {
    const { "schema_graphql.ts": text } = write(two, { import_extension: "none" });
    expect(text).toContain('import { OrderService, StockService } from "./shop/shop_cqrs";');
  });
});

describe("elements without a GraphQL equivalent", () => {
  it("enum values lose their prefix if the rest is a name, and are never literals", () => {
    const text = sdl(`${get}message Thing { Odd odd = 1; }
enum Odd { ODD_UNSPECIFIED = 0; ODD_TRUE = 1; null = 3; ODD_1ST = 4; odd_low = 6; ODD = 7; O_D_D = 8; }
`);
    expect(
      typeOf(text, "Odd")
        .split("\n")
        .slice(1, -1)
        .map((line) => line.trim()),
    ).toEqual(["UNSPECIFIED", "TRUE", "null_", "ODD_1ST", "low", "ODD", "O_D_D"]);
  });

  it("a required field is optional if its input would contain itself", () => {
    const text = sdl(`service S { rpc Send(Tree) returns (Tree); }
message Tree { Tree root = 1 [(google.api.field_behavior) = REQUIRED]; Leaf leaf = 2 [(google.api.field_behavior) = REQUIRED]; }
message Leaf { string text = 1 [(google.api.field_behavior) = REQUIRED]; }
`);
    expect(typeOf(text, "TreeInput")).toBe("input TreeInput {\n  root: TreeInput\n  leaf: LeafInput!\n}");
    expect(typeOf(text, "LeafInput")).toBe("input LeafInput {\n  text: String!\n}");
    expect(typeOf(text, "Tree")).toBe("type Tree {\n  root: Tree\n  leaf: Leaf\n}");
  });

  it("a field is named by its JSON name, as far as GraphQL allows", () => {
    const text = sdl(
      `${get}message Thing { string a = 1 [json_name = "@type"]; string b = 2 [json_name = "2nd"]; string c = 3 [json_name = "sea"]; string d = 4 [json_name = "__dee"]; }`,
    );
    expect(typeOf(text, "Thing")).toBe(
      "type Thing {\n  _type: String!\n  _2nd: String!\n  sea: String!\n  _dee: String!\n}",
    );
  });

  it("only optional input fields are deprecated", () => {
    const text = sdl(`service S { option deprecated = true; rpc Send(Old) returns (Old); }
message Old {
  // Deprecated: nobody reads it.
  string note = 1 [deprecated = true];
  string must = 2 [deprecated = true, (google.api.field_behavior) = REQUIRED];
}
`);
    expect(text).toContain("send(input: OldInput!): Old @deprecated\n");
    expect(typeOf(text, "OldInput")).toContain(
      'note: String @deprecated(reason: "nobody reads it.")\n  must: String!\n',
    );
    expect(typeOf(text, "Old")).toContain("must: String! @deprecated\n");
  });

  it("an option sets the operation type", () => {
    const text = sdl(`service S {
  rpc Search(Thing) returns (Thing) { option (potter.v1.graphql_method) = {operation: GRAPH_QL_OPERATION_MUTATION}; }
  rpc Run(Thing) returns (Thing) { option (potter.v1.graphql_method) = {operation: GRAPH_QL_OPERATION_QUERY}; }
}
message Thing { string id = 1; }
`);
    expect(typeOf(text, "Query")).toBe("type Query {\n  run(id: ID): Thing\n}");
    expect(typeOf(text, "Mutation")).toBe("type Mutation {\n  search(input: ThingInput): Thing\n}");
  });
});
