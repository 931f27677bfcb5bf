// Compares documents with those that grpc-gateway and gnostic generate from their own examples. Lists the intended
// differences. The contracts have the routes and fields of `a_bit_of_everything.proto` and `library.proto`, as far as
// operations need them.
import { describe, expect, it } from "vitest";
import { compileProto, diagnose, documentOf, listOperations } from "../../testing/index.js";

const everything = `syntax = "proto3";
package everything;
import "google/api/annotations.proto"; import "google/api/field_behavior.proto";
import "google/protobuf/duration.proto"; import "google/protobuf/empty.proto"; import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto";
enum NumericEnum { ZERO = 0; ONE = 1; }
enum PathEnum { ABC = 0; DEF = 1; }
enum ExampleEnum { EXAMPLE_ENUM_UNSPECIFIED = 0; EXAMPLE_ENUM_FIRST = 1; }
message ABitOfEverything {
  message Nested { string name = 1; uint32 amount = 2; enum DeepEnum { FALSE = 0; TRUE = 1; } DeepEnum ok = 3; }
  Nested single_nested = 25; string uuid = 1; repeated Nested nested = 2; float float_value = 3; double double_value = 4;
  int64 int64_value = 5; uint64 uint64_value = 6; int32 int32_value = 7; fixed64 fixed64_value = 8;
  fixed32 fixed32_value = 9; bool bool_value = 10; string string_value = 11; bytes bytes_value = 29;
  uint32 uint32_value = 13; NumericEnum enum_value = 14; PathEnum path_enum_value = 30;
  PathEnum nested_path_enum_value = 31; sfixed32 sfixed32_value = 15; sfixed64 sfixed64_value = 16;
  sint32 sint32_value = 17; sint64 sint64_value = 18; repeated string repeated_string_value = 19;
  oneof oneof_value { google.protobuf.Empty oneof_empty = 20; string oneof_string = 21; }
  map<string, NumericEnum> map_value = 22; map<string, string> mapped_string_value = 23;
  map<string, Nested> mapped_nested_value = 24; string nonConventionalNameValue = 26;
  google.protobuf.Timestamp timestamp_value = 27; repeated NumericEnum repeated_enum_value = 28;
  repeated NumericEnum repeated_enum_annotation = 32; NumericEnum enum_value_annotation = 33;
  repeated string repeated_string_annotation = 34; repeated Nested repeated_nested_annotation = 35;
  Nested nested_annotation = 36; int64 int64_override_type = 37;
  string required_string_via_field_behavior_annotation = 38 [(google.api.field_behavior) = REQUIRED];
  string output_only_string_via_field_behavior_annotation = 39 [(google.api.field_behavior) = OUTPUT_ONLY];
  optional string optional_string_value = 40; repeated string product_id = 41; string optional_string_field = 42;
  string required_string_field_1 = 43 [(google.api.field_behavior) = REQUIRED];
  string required_string_field_2 = 44 [(google.api.field_behavior) = REQUIRED];
  string required_field_behavior_json_name = 45
    [json_name = "required_field_behavior_json_name_custom", (google.api.field_behavior) = REQUIRED];
  string required_field_schema_json_name = 46 [json_name = "required_field_schema_json_name_custom"];
  string trailing_only = 47; string trailing_only_dot = 48; string trailing_both = 49; string trailing_multiline = 50;
  repeated string uuids = 51;
}
message CheckStatusResponse { int32 status = 1; }
message Body { string name = 1; }
message MessageWithBody { string id = 1; Body data = 2; }
message UpdateV2Request { ABitOfEverything abe = 1; google.protobuf.FieldMask update_mask = 2; }
message Book { string name = 1; string id = 2; google.protobuf.Timestamp create_time = 3; }
message CreateBookRequest { string parent = 1; Book book = 2 [(google.api.field_behavior) = REQUIRED]; string book_id = 3; }
message UpdateBookRequest {
  Book book = 1 [(google.api.field_behavior) = REQUIRED]; google.protobuf.FieldMask update_mask = 2; bool allow_missing = 3;
}
message EntityId { string value = 1; }
message UpdateEntityRequest { EntityId id = 1; string other_field = 2; }
message IdMessage { string uuid = 1; }
message StringMessage { string value = 1 [(google.api.field_behavior) = REQUIRED]; }
message MessageWithPathEnum { PathEnum value = 1; }
message OneofEnumMessage { oneof one { ExampleEnum example_enum = 1; } }
message SnakeEnumRequest { NumericEnum what = 1; NumericEnum who = 2; NumericEnum where = 3; }
message SnakeEnumResponse {}
message RequiredMessageTypeRequest {
  string id = 1 [(google.api.field_behavior) = REQUIRED]; Foo foo = 2 [(google.api.field_behavior) = REQUIRED];
}
message Foo { string bar = 1 [(google.api.field_behavior) = REQUIRED]; }
service ABitOfEverythingService {
${[
  "Create(ABitOfEverything) ABitOfEverything post /v1/example/a_bit_of_everything/{float_value}/{double_value}/{int64_value}/separator/{uint64_value}/{int32_value}/{fixed64_value}/{fixed32_value}/{bool_value}/{string_value=strprefix/*}/{uint32_value}/{sfixed32_value}/{sfixed64_value}/{sint32_value}/{sint64_value}/{nonConventionalNameValue}/{enum_value}/{path_enum_value}/{nested_path_enum_value}/{enum_value_annotation}",
  "CreateBody(ABitOfEverything) ABitOfEverything post /v1/example/a_bit_of_everything *",
  "UpdateEntity(UpdateEntityRequest) google.protobuf.Empty put /v1/example/a_bit_of_everything/entity/{id.value} *",
  "CreateBook(CreateBookRequest) Book post /v1/{parent=publishers/*}/books book",
  "UpdateBook(UpdateBookRequest) Book patch /v1/{book.name=publishers/*/books/*} book",
  "Lookup(IdMessage) ABitOfEverything get /v1/example/a_bit_of_everything/{uuid}",
  "Custom(ABitOfEverything) ABitOfEverything post /v1/example/a_bit_of_everything/{uuid}:custom - get /v1/example/a_bit_of_everything/custom/{optional_string_value}",
  "Update(ABitOfEverything) google.protobuf.Empty put /v1/example/a_bit_of_everything/{uuid} *",
  "UpdateV2(UpdateV2Request) google.protobuf.Empty put /v2/example/a_bit_of_everything/{abe.uuid} abe patch /v2/example/a_bit_of_everything/{abe.uuid} abe patch /v2a/example/a_bit_of_everything/{abe.uuid} *",
  "Delete(IdMessage) google.protobuf.Empty delete /v1/example/a_bit_of_everything/{uuid}",
  "GetQuery(ABitOfEverything) google.protobuf.Empty get /v1/example/a_bit_of_everything/query/{uuid}",
  "Echo(StringMessage) StringMessage get /v1/example/a_bit_of_everything/echo/{value} - post /v2/example/echo value get /v2/example/echo",
  "DeepPathEcho(ABitOfEverything) ABitOfEverything post /v1/example/deep_path/{single_nested.name} *",
  "NoBindings(google.protobuf.Duration) google.protobuf.Empty",
  "Timeout(google.protobuf.Empty) google.protobuf.Empty get /v2/example/timeout",
  "ErrorWithDetails(google.protobuf.Empty) google.protobuf.Empty get /v2/example/errorwithdetails",
  "GetMessageWithBody(MessageWithBody) google.protobuf.Empty post /v2/example/withbody/{id} data",
  "PostWithEmptyBody(Body) google.protobuf.Empty post /v2/example/postwithemptybody/{name} *",
  "CheckGetQueryParams(ABitOfEverything) ABitOfEverything get /v1/example/a_bit_of_everything/params/get/{single_nested.name}",
  "CheckNestedEnumGetQueryParams(ABitOfEverything) ABitOfEverything get /v1/example/a_bit_of_everything/params/get/nested_enum/{single_nested.ok}",
  "CheckPostQueryParams(ABitOfEverything) ABitOfEverything post /v1/example/a_bit_of_everything/params/post/{string_value} single_nested",
  "OverwriteRequestContentType(Body) google.protobuf.Empty post /v2/example/overwriterequestcontenttype *",
  "OverwriteResponseContentType(google.protobuf.Empty) google.protobuf.StringValue get /v2/example/overwriteresponsecontenttype",
  "CheckExternalPathEnum(MessageWithPathEnum) google.protobuf.Empty get /v2/{value}:check",
  "CheckExternalNestedPathEnum(MessageWithPathEnum) google.protobuf.Empty get /v3/{value}:check",
  "CheckStatus(google.protobuf.Empty) CheckStatusResponse get /v1/example/checkStatus",
  "Exists(ABitOfEverything) google.protobuf.Empty HEAD /v1/example/a_bit_of_everything/{uuid}",
  "CustomOptionsRequest(ABitOfEverything) google.protobuf.Empty OPTIONS /v1/example/a_bit_of_everything/{uuid}",
  "TraceRequest(ABitOfEverything) ABitOfEverything TRACE /v1/example/a_bit_of_everything/{uuid}",
  "PostOneofEnum(OneofEnumMessage) google.protobuf.Empty post /v1/example/oneofenum example_enum",
  "PostRequiredMessageType(RequiredMessageTypeRequest) google.protobuf.Empty post /v1/example/requiredmessagetype *",
]
  .map(rpc)
  .join("")}}
service camelCaseServiceName { ${rpc("Empty(google.protobuf.Empty) google.protobuf.Empty get /v2/example/empty")} }
service SnakeEnumService { ${rpc("SnakeEnum(SnakeEnumRequest) SnakeEnumResponse get /v1/example/snake/{who}/{what}/{where}")} }
`;

/** `Name(Request) Response verb path body …`; `-` means no body. */
function rpc(line: string): string {
  const [head = "", response = "", ...words] = line.split(" ");
  const rules = words.join(" ").match(/[A-Za-z]+ \/\S+( (?!\w+ \/)\S+)?/g) ?? [];
  const [first = "", ...more] = rules.map((rule) => {
    const [verb = "", path = "", body = "-"] = rule.split(" ");
    const pattern = verb === verb.toUpperCase() ? `custom: {kind: "${verb}" path: "${path}"}` : `${verb}: "${path}"`;
    return pattern + (body === "-" ? "" : ` body: "${body}"`);
  });
  const bindings = more.map((one) => ` additional_bindings: {${one}}`).join("");
  const option = first === "" ? "" : `option (google.api.http) = {${first}${bindings}};`;
  return `  rpc ${head} returns (${response}) { ${option} }\n`;
}

/** The fields of ABitOfEverything in grpc-gateway's queries, by JSON name. */
const queried =
  "boolValue bytesValue doubleValue enumValue enumValueAnnotation fixed32Value fixed64Value floatValue int32Value int64OverrideType int64Value mapValue mappedNestedValue mappedStringValue nestedAnnotation.amount nestedAnnotation.name nestedAnnotation.ok nestedPathEnumValue nonConventionalNameValue oneofEmpty oneofString optionalStringField optionalStringValue outputOnlyStringViaFieldBehaviorAnnotation pathEnumValue productId repeatedEnumAnnotation repeatedEnumValue repeatedStringAnnotation repeatedStringValue requiredStringField1 requiredStringField2 requiredStringViaFieldBehaviorAnnotation required_field_behavior_json_name_custom required_field_schema_json_name_custom sfixed32Value sfixed64Value singleNested.amount singleNested.name singleNested.ok sint32Value sint64Value stringValue timestampValue trailingBoth trailingMultiline trailingOnly trailingOnlyDot uint32Value uint64Value uuid uuids".split(
    " ",
  );
const nested = ["nested", "nestedAnnotation", "repeatedNestedAnnotation", "singleNested"];
const fields = [...queried.filter((name) => !name.includes(".")), ...nested];
const allBut = (names: string, all = queried): string =>
  all.filter((name) => !names.split(" ").includes(name)).join(" ");
const inPath =
  "floatValue doubleValue int64Value uint64Value int32Value fixed64Value fixed32Value boolValue stringValue uint32Value sfixed32Value sfixed64Value sint32Value sint64Value nonConventionalNameValue enumValue pathEnumValue nestedPathEnumValue enumValueAnnotation";

/**
 * An operation as the other document lists it: verb and path, in which parameters of several segments have a pattern;
 * the query; the fields of the body, or its type.
 */
type Row = readonly [operation: string, query?: string, body?: string];

const ofGateway: readonly Row[] = [
  [
    `POST /v1/example/a_bit_of_everything/${inPath.replace(/\S+/g, "{$&}").replaceAll(" ", "/").replace("{int64Value}", "$&/separator").replace("{stringValue}", "{stringValue=strprefix/*}")}`,
    allBut(inPath),
  ],
  ["POST /v1/example/a_bit_of_everything", "", allBut("", fields)],
  ["PUT /v1/example/a_bit_of_everything/entity/{id.value}", "", "otherField"],
  ["POST /v1/{parent=publishers/*}/books", "bookId", "createTime id name"],
  ["PATCH /v1/{book.name=publishers/*/books/*}", "allowMissing", "createTime id"],
  ["GET /v1/example/a_bit_of_everything/{uuid}"],
  ["POST /v1/example/a_bit_of_everything/{uuidName}:custom", allBut("uuid")],
  ["GET /v1/example/a_bit_of_everything/custom/{optionalStringValue}", allBut("optionalStringValue")],
  ["PUT /v1/example/a_bit_of_everything/{uuidName}", "", allBut("uuid", fields)],
  ["PUT /v2/example/a_bit_of_everything/{uuidName}", "updateMask", allBut("uuid", fields)],
  ["PATCH /v2/example/a_bit_of_everything/{uuidName}", "", allBut("uuid", fields)],
  [
    "PATCH /v2a/example/a_bit_of_everything/{uuidName}",
    "",
    `updateMask ${allBut("uuid", fields).replace(/\S+/g, "abe.$&")}`,
  ],
  ["DELETE /v1/example/a_bit_of_everything/{uuid}"],
  ["GET /v1/example/a_bit_of_everything/query/{uuidName}", allBut("uuid")],
  ["GET /v1/example/a_bit_of_everything/echo/{value}"],
  ["POST /v2/example/echo", "", "string"],
  ["GET /v2/example/echo", "value"],
  [
    "POST /v1/example/deep_path/{singleNested.name}",
    "",
    `${allBut("singleNested", fields)} singleNested.amount singleNested.ok`,
  ],
  ["GET /v2/example/timeout"],
  ["GET /v2/example/errorwithdetails"],
  ["POST /v2/example/withbody/{id}", "", "name"],
  ["POST /v2/example/postwithemptybody/{name}", "", "nothing"],
  [
    "GET /v1/example/a_bit_of_everything/params/get/{singleNested.name}",
    allBut("singleNested.name nestedAnnotation.name"),
  ],
  [
    "GET /v1/example/a_bit_of_everything/params/get/nested_enum/{singleNested.ok}",
    allBut("singleNested.ok nestedAnnotation.ok"),
  ],
  [
    "POST /v1/example/a_bit_of_everything/params/post/{stringValue}",
    allBut("stringValue singleNested.name singleNested.amount singleNested.ok"),
    "amount name ok",
  ],
  ["POST /v2/example/overwriterequestcontenttype", "", "name"],
  ["GET /v2/example/overwriteresponsecontenttype"],
  ["GET /v2/{value}:check"],
  ["GET /v3/{value}:check"],
  ["GET /v1/example/checkStatus"],
  ["HEAD /v1/example/a_bit_of_everything/{uuidName}", allBut("uuid")],
  ["OPTIONS /v1/example/a_bit_of_everything/{uuidName}", allBut("uuid")],
  ["POST /v1/example/oneofenum", "", "string"],
  ["POST /v1/example/requiredmessagetype", "", "foo id"],
  ["GET /v2/example/empty"],
  ["GET /v1/example/snake/{who}/{what}/{where}"],
];

const library = `syntax = "proto3";
package library.v1;
import "google/api/annotations.proto"; import "google/api/field_behavior.proto"; import "google/protobuf/empty.proto";
import "google/protobuf/timestamp.proto";
message Book {
  string name = 1 [(google.api.field_behavior) = REQUIRED]; string author = 2; string title = 3; bool read = 4;
  google.protobuf.Timestamp borrow_time = 5; google.protobuf.Timestamp created_at = 6; google.protobuf.Timestamp updated_at = 7;
}
message Shelf {
  string name = 1 [(google.api.field_behavior) = REQUIRED]; string theme = 2; google.protobuf.Timestamp next_sort_at = 3;
  google.protobuf.Timestamp created_at = 4; google.protobuf.Timestamp updated_at = 5;
}
message CreateShelfRequest { Shelf shelf = 1; }
message GetShelfRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
message DeleteShelfRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
message GetBookRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
message DeleteBookRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; }
message ListShelvesRequest { int32 page_size = 1; string page_token = 2; }
message ListShelvesResponse { repeated Shelf shelves = 1; string next_page_token = 2; }
message MergeShelvesRequest { string name = 1; string other_shelf_name = 2; }
message MoveBookRequest { string name = 1; string other_shelf_name = 2; }
message CreateBookRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; Book book = 2; }
message UpdateBookRequest { string name = 1 [(google.api.field_behavior) = REQUIRED]; Book book = 2; }
message ListBooksRequest { string name = 1; int32 page_size = 2; string page_token = 3; }
message ListBooksResponse { repeated Book books = 1; string next_page_token = 2; }
service LibraryService {
${[
  "CreateShelf(CreateShelfRequest) Shelf post /v1/shelves shelf",
  "GetShelf(GetShelfRequest) Shelf get /v1/{name=shelves/*}",
  "ListShelves(ListShelvesRequest) ListShelvesResponse get /v1/shelves",
  "DeleteShelf(DeleteShelfRequest) google.protobuf.Empty delete /v1/{name=shelves/*}",
  "MergeShelves(MergeShelvesRequest) Shelf post /v1/{name=shelves/*}:merge *",
  "CreateBook(CreateBookRequest) Book post /v1/{name=shelves/*}/books book",
  "GetBook(GetBookRequest) Book get /v1/{name=shelves/*/books/*}",
  "ListBooks(ListBooksRequest) ListBooksResponse get /v1/{name=shelves/*}/books",
  "DeleteBook(DeleteBookRequest) google.protobuf.Empty delete /v1/{name=shelves/*/books/*}",
  "UpdateBook(UpdateBookRequest) Book put /v1/{book.name=shelves/*/books/*} book",
  "MoveBook(MoveBookRequest) Book post /v1/{name=shelves/*/books/*}:move *",
]
  .map(rpc)
  .join("")}}
`;

const book = "author borrow_time created_at name read title updated_at";

const ofGnostic: readonly Row[] = [
  ["GET /v1/shelves", "page_size page_token"],
  ["POST /v1/shelves", "", "created_at name next_sort_at theme updated_at"],
  ["GET /v1/shelves/{shelf}"],
  ["DELETE /v1/shelves/{shelf}"],
  ["GET /v1/shelves/{shelf}/books", "page_size page_token"],
  ["POST /v1/shelves/{shelf}/books", "", book],
  ["GET /v1/shelves/{shelf}/books/{book}"],
  ["PUT /v1/shelves/{shelf}/books/{book}", "name", book],
  ["DELETE /v1/shelves/{shelf}/books/{book}"],
  ["POST /v1/shelves/{shelf}/books/{book}:move", "", "name other_shelf_name"],
  ["POST /v1/shelves/{shelf}:merge", "", "name other_shelf_name"],
];

function print([operation, query = "", body = ""]: Row): string {
  const sorted = (sign: string, names: string) =>
    names === "" ? "" : ` ${sign}${names.split(" ").filter(Boolean).sort().join(" ")}`;
  return operation + sorted("?", query) + sorted("<", body);
}

/** Intended differences from grpc-gateway. */
function fromGateway([operation, query = "", body = ""]: Row): Row {
  // A parameter is named after its field, as REST reports it.
  const named = operation.replace("{uuidName}", /\/v2a?\//.test(operation) ? "{abe.uuid}" : "{uuid}");
  // Names have no dots, on which Spectral and Orval fail.
  const plain = named.replace(/(?<=\{[a-zA-Z.]*)\.(\w)(?=[a-zA-Z.]*\})/g, (_all, letter: string) =>
    letter.toUpperCase(),
  );
  // A wildcard is a parameter named after its collection, so that no parameter contains a slash.
  const path = plain.replace(/\{[a-z.]+=(.*?)\}/gi, (_all, pattern: string) =>
    pattern.replace(/(\w+?)(s?)\/\*/g, "$1$2/{$1}"),
  );
  const names = new Set(query.split(" "));
  // REST reads no messages from a query, and requests have no output-only fields.
  for (const name of ["mappedNestedValue", "oneofEmpty", "outputOnlyStringViaFieldBehaviorAnnotation"])
    names.delete(name);
  // A path excludes only its own field, not another field with the same last name.
  if (names.has("nestedAnnotation.amount")) for (const name of ["name", "ok"]) names.add(`nestedAnnotation.${name}`);
  // A mask is optional: without it, the mask follows from the body.
  if (operation.startsWith("PATCH ") && !operation.includes("/v2a/")) names.add("updateMask");
  return [path, [...names].filter(Boolean).join(" "), body];
}

/** Intended differences from gnostic. */
function fromGnostic([operation, query = "", body = ""]: Row): Row {
  // Names are those of ProtoJSON, as with gnostic's option `naming=json`.
  const toJson = (names: string) => names.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  // Path fields are not in the body.
  const isInPath = operation.startsWith("PUT ") || operation.includes(":");
  return [operation, toJson(query), toJson(isInPath ? body.replace(/\bname /, "") : body)];
}

describe("the examples of other projects", () => {
  it("have the operations of grpc-gateway's document", () => {
    const more: readonly Row[] = [
      // Every rpc has a route: without a binding, the path of gRPC.
      ["POST /everything.ABitOfEverythingService/NoBindings", "", "string"],
      // Swagger 2 has no TRACE.
      ["TRACE /v1/example/a_bit_of_everything/{uuid}", allBut("uuid")],
    ];
    const ours = listOperations(documentOf(compileProto({ "everything.proto": everything })));
    const theirs = [...ofGateway, ...more].map((row) => print(fromGateway(row)));
    expect(ours.sort()).toEqual(theirs.sort());
  });

  it("are reported where google.api.http forbids what grpc-gateway allows", () => {
    const diagnostics = diagnose({
      "more.proto": `syntax = "proto3";
package more;
import "google/api/annotations.proto"; import "potter/v1/options.proto";
message Nested { string input_value = 1; }
message Request { string uuid = 1; repeated float path_repeated_float_value = 2; Nested payload = 3; }
message Response {}
service Service {
${rpc("DoubleColon(Request) Response post /v1/example/a_bit_of_everything/{uuid}:custom:custom")}
${rpc("GetRepeatedQuery(Request) Response get /v1/example/a_bit_of_everything_repeated/{path_repeated_float_value}")}
${rpc("CreateNestedBodyOneof(Request) Response post /v1/example/nested_body_oneof payload.input_value")}
}
`,
    });
    expect(diagnostics.match(/(error|warning) [a-z-]+/g)).toEqual([
      // A path has at most one verb, at its end, and binds no repeated field. A body is a field of the request
      // itself.
      "warning http-template",
      "warning http-unbound-variable",
      "warning http-body",
    ]);
  });

  it("have the operations of gnostic's document", () => {
    const ours = listOperations(documentOf(compileProto({ "library.proto": library })));
    expect(ours.sort()).toEqual(ofGnostic.map((row) => print(fromGnostic(row))).sort());
  });
});
