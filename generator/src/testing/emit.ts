import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { load } from "js-yaml";
import type { oas32 } from "openapi3-ts";
import { formatPretty } from "../diagnostics/index.js";
import { generate } from "../pipeline/index.js";
import { asyncapi } from "../targets/asyncapi/index.js";
import { client } from "../targets/client/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import type { Target } from "../targets/index.js";
import { openapi } from "../targets/openapi/index.js";
import { saga } from "../targets/saga/index.js";

/** The message libraries, by their value of the option `messages`. */
export const messageLibraries = ["es", "ts-proto"] as const;

export type MessageLibraryName = (typeof messageLibraries)[number];

/** Texts by path. */
export type Texts = Readonly<Record<string, string>>;

/** Returns the output of the target `cqrs`. Throws if the contract has errors. */
export function emitCqrs(request: CodeGeneratorRequest, messages: MessageLibraryName): Texts {
  return emit(request, cqrs, { messages });
}

/** Returns the output of the target `saga`. Throws if the contract has errors. */
export function emitSagas(
  request: CodeGeneratorRequest,
  messages: MessageLibraryName,
  pages: "markdown" | "none" = "markdown",
): Texts {
  return emit(request, saga, { messages, saga_pages: pages });
}

/** Options of the target `openapi`; omitted ones have their defaults. */
export type OpenApiChoice = Readonly<
  Partial<
    Record<
      | "version"
      | "format"
      | "output"
      | "operation_ids"
      | "services"
      | "tags"
      | "visibility"
      | "base"
      | "override"
      | "waits",
      string
    >
  >
>;

/** Returns the output of the target `openapi`. Throws if the contract has errors. */
export function emitOpenApi(request: CodeGeneratorRequest, options: OpenApiChoice = {}): Texts {
  return emit(request, openapi, options);
}

/** Options of the target `asyncapi`; omitted ones have their defaults. */
export type AsyncApiChoice = Readonly<Partial<Record<"format" | "output" | "base" | "websocket", string>>>;

/** Returns the output of the target `asyncapi`. Throws if the contract has errors. */
export function emitAsyncApi(request: CodeGeneratorRequest, options: AsyncApiChoice = {}): Texts {
  return emit(request, asyncapi, options);
}

/** Options of the target `graphql`; omitted ones have their defaults. */
export type GraphQLChoice = Readonly<Partial<Record<"output" | "federation" | "lock" | "import_extension", string>>>;

/** Returns the output of the target `graphql`. Throws if the contract has errors. */
export function emitGraphQL(request: CodeGeneratorRequest, options: GraphQLChoice = {}): Texts {
  return emit(request, graphql, options);
}

/** Returns the output of the target `client`. Throws if the contract has errors. */
export function emitClients(request: CodeGeneratorRequest, messages: "json" | MessageLibraryName = "json"): Texts {
  return emit(request, client, { client_messages: messages });
}

/** Returns the parsed document that the target `openapi` emits. Throws unless it is exactly one. */
export function documentOf(request: CodeGeneratorRequest, options: OpenApiChoice = {}): oas32.OpenAPIObject {
  const [text, ...more] = Object.values(emitOpenApi(request, options));
  if (text === undefined || more.length > 0) throw new Error(`expected one document, found ${more.length + 1}`);
  return load(text) as oas32.OpenAPIObject;
}

function emit(request: CodeGeneratorRequest, target: Target, options: Readonly<Record<string, string>>): Texts {
  const { files, diagnostics } = generate(request, [{ target, options }], `protoc-gen-potter-${target.name}`);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`the contract of a test has errors:\n${formatPretty(errors)}`);
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
}
