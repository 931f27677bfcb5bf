import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import type { Diagnostic } from "../diagnostics/index.js";
import { formatPretty } from "../diagnostics/index.js";
import { generate } from "../pipeline/index.js";
import { asyncapi } from "../targets/asyncapi/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import { openapi } from "../targets/openapi/index.js";
import { compileProto, type ProtoFiles } from "./compile-proto.js";
import { contract } from "./contract.js";

/** The names that clients use of what the page of a diagnostic shows as wrong; of other packages nothing is known. */
const lock = "graphql Query.order = graphql_locked_name_wrong.OrderService.GetOrder\n";

const targetsOf = (version: string) => [
  { target: cqrs, options: {} },
  { target: openapi, options: { version } },
  { target: asyncapi, options: {} },
  { target: graphql, options: { lock } },
];

/** What a run of all targets tells about a request, with a version of OpenAPI. */
export function diagnosticsOf(request: CodeGeneratorRequest, version = "3.1"): readonly Diagnostic[] {
  return generate(request, targetsOf(version), "test").diagnostics;
}

/** What a user is told about a contract; nothing if it is right. */
export function diagnose(files: ProtoFiles): string {
  return formatPretty(diagnosticsOf(compileProto(files)), (path) => files[path]);
}

/** The lines that a user is told about some declarations, which begin in line 5 of `shop.proto`. */
export function diagnoseContract(...declarations: readonly string[]): readonly string[] {
  const told = diagnose({ "shop.proto": contract(declarations.join("")) });
  return told === "" ? [] : told.split("\n");
}
