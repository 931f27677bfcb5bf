import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import type { Diagnostic } from "../diagnostics/index.js";
import { formatPretty } from "../diagnostics/index.js";
import { generate } from "../pipeline/index.js";
import { asyncapi } from "../targets/asyncapi/index.js";
import { client } from "../targets/client/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import { openapi } from "../targets/openapi/index.js";
import { saga } from "../targets/saga/index.js";
import { compileProto, type ProtoFiles } from "./compile-proto.js";
import { contract } from "./contract.js";

/** The locked names for the example on the page of graphql-locked-name. They do not affect other packages. */
const lock = "graphql Query.order = graphql_locked_name_wrong.OrderService.GetOrder\n";

const targetsOf = (version: string) => [
  { target: cqrs, options: {} },
  { target: openapi, options: { version } },
  { target: asyncapi, options: {} },
  { target: graphql, options: { lock } },
  { target: saga, options: {} },
  { target: client, options: {} },
];

/** Returns the diagnostics of a run of all targets, with a version of OpenAPI. */
export function diagnosticsOf(request: CodeGeneratorRequest, version = "3.1"): readonly Diagnostic[] {
  return generate(request, targetsOf(version), "test").diagnostics;
}

/** Returns the formatted diagnostics of a contract; empty if it is valid. */
export function diagnose(files: ProtoFiles): string {
  return formatPretty(diagnosticsOf(compileProto(files)), (path) => files[path]);
}

/** Returns the formatted diagnostics of declarations that start in line 5 of `shop.proto`, by line. */
export function diagnoseContract(...declarations: readonly string[]): readonly string[] {
  const text = diagnose({ "shop.proto": contract(declarations.join("")) });
  return text === "" ? [] : text.split("\n");
}
