/** The packages of others that a new project needs. A test keeps the ranges equal to those that this release is tested with. */
export const versions = {
  "@bufbuild/buf": "^1.75.0",
  "@bufbuild/protobuf": "^2.17.0",
  "@bufbuild/protoc-gen-es": "^2.13.0",
  "@electric-sql/pglite": "^0.5.16",
  "@types/node": "^20.19.43",
  graphql: "^16.15.0",
  pg: "^8.23.1",
  "ts-proto": "^2.18.0",
  typescript: "^7.0.2",
  vitest: "^4.1.12",
} as const;
