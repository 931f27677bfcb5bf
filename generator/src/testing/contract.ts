const header = [
  'syntax = "proto3";',
  "package shop;",
  'import "google/api/annotations.proto"; import "google/protobuf/timestamp.proto";',
  'import "potter/v1/graphql.proto"; import "potter/v1/openapi.proto"; import "potter/v1/options.proto";',
];

/** Creates a proto file of package `shop` whose declarations start in line 5. */
export function contract(declarations: string): string {
  return `${header.join("\n")}\n${declarations.replace(/^\n/, "")}`;
}
