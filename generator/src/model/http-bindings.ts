import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { suggest } from "../diagnostics/index.js";
import type { HttpRule } from "../gen/google/api/http_pb.js";
import type { Contract } from "./contract.js";
import type { HttpBindingModel } from "./model.js";
import { parsePathTemplate } from "./path-template.js";
import { optionNumbers } from "./roles.js";

/** Builds the HTTP bindings of an rpc: those of google.api.http, or else the conventional one. */
export function buildHttpBindings(
  desc: DescMethod,
  rule: HttpRule | undefined,
  contract: Contract,
): HttpBindingModel[] {
  if (desc.methodKind === "client_streaming" || desc.methodKind === "bidi_streaming") return [];
  const rules = rule === undefined ? [] : [rule, ...rule.additionalBindings];
  const patterns = rules.flatMap((binding) => {
    const pattern = readPattern(binding);
    return pattern === undefined ? [] : [{ ...pattern, body: binding.body, responseBody: binding.responseBody }];
  });
  if (patterns.length === 0) return [conventionalBinding(desc)];
  return patterns.flatMap((pattern) => buildBinding(desc, pattern, contract) ?? []);
}

interface Pattern {
  readonly method: string;
  readonly path: string;
}

function readPattern({ pattern }: HttpRule): Pattern | undefined {
  if (pattern.case === undefined) return undefined;
  if (pattern.case === "custom") return { method: pattern.value.kind.toUpperCase(), path: pattern.value.path };
  return { method: pattern.case.toUpperCase(), path: pattern.value };
}

/** The binding of an rpc without google.api.http: POST to the path that gRPC uses. */
function conventionalBinding(desc: DescMethod): HttpBindingModel {
  const segments = [desc.parent.typeName, desc.name];
  return {
    method: "POST",
    path: `/${segments.join("/")}`,
    segments,
    verb: undefined,
    body: "*",
    responseBody: undefined,
  };
}

function buildBinding(
  desc: DescMethod,
  { method, path, body, responseBody }: Pattern & { readonly body: string; readonly responseBody: string },
  { annotated, diagnostics }: Contract,
): HttpBindingModel | undefined {
  const ref = { desc, option: optionNumbers.http, lenient: !annotated.has(desc.parent.file) };
  const template = parsePathTemplate(path);
  if ("reason" in template) {
    diagnostics.report(
      "http-template",
      { ...ref, focus: `"${path}"` },
      path,
      `${template.reason}, at character ${template.offset + 1}`,
    );
    return undefined;
  }
  for (const segment of template.segments) {
    if (typeof segment === "string") continue;
    const problem = checkVariable(desc.input, segment.field);
    if (problem !== undefined) {
      diagnostics.report(
        "http-unbound-variable",
        { ...ref, focus: `{${segment.field}` },
        segment.field,
        problem.reason,
        problem.suggestion,
      );
    }
  }
  if (body !== "" && (method === "GET" || method === "HEAD")) {
    diagnostics.report("http-get-body", { ...ref, focus: `"${body}"`, key: "body" }, desc.name, method);
  }
  if (body !== "" && body !== "*" && !hasField(desc.input, body)) {
    diagnostics.report(
      "http-body",
      { ...ref, focus: `"${body}"`, key: "body" },
      body,
      desc.input.name,
      suggest(body, namesOf(desc.input)),
    );
  }
  if (responseBody !== "" && !hasField(desc.output, responseBody)) {
    const suggestion = suggest(responseBody, namesOf(desc.output));
    diagnostics.report(
      "http-response-body",
      { ...ref, focus: `"${responseBody}"`, key: "response_body" },
      responseBody,
      desc.output.name,
      suggestion,
    );
  }
  return { method, path, ...template, body: body || undefined, responseBody: responseBody || undefined };
}

/** Returns why a variable cannot be bound to a field of the request; undefined if it can. */
function checkVariable(request: DescMessage, path: string): { reason: string; suggestion: string } | undefined {
  let message: DescMessage | undefined = request;
  const names = path.split(".");
  for (const [at, name] of names.entries()) {
    const field: DescMessage["fields"][number] | undefined = message?.fields.find(
      (candidate) => candidate.name === name,
    );
    if (message === undefined) return { reason: `"${names.slice(0, at).join(".")}" is not a message`, suggestion: "" };
    if (field === undefined) {
      const prefix = names
        .slice(0, at)
        .map((part) => `${part}.`)
        .join("");
      const suggestion = suggest(name, namesOf(message));
      return { reason: `${message.name} has no field "${name}"`, suggestion: suggestion && prefix + suggestion };
    }
    if (field.fieldKind === "list" || field.fieldKind === "map")
      return { reason: `"${name}" is repeated`, suggestion: "" };
    message = field.message;
  }
  const isText = message === undefined || message.typeName.startsWith("google.protobuf.");
  return isText ? undefined : { reason: `"${path}" is a message`, suggestion: "" };
}

function hasField(message: DescMessage, name: string): boolean {
  return message.fields.some((field) => field.name === name);
}

function namesOf(message: DescMessage): readonly string[] {
  return message.fields.map((field) => field.name);
}
