import type { DescMessage } from "@bufbuild/protobuf";
import type { HttpBindingModel, MethodModel, PathSegmentModel } from "../../model/index.js";
import { printString } from "../../printer/index.js";

/** Prints the first HTTP binding that a client can call, with JSON names of fields. undefined: there is none. */
export function printHttp({ desc, http }: MethodModel): string | undefined {
  const binding = http.find(isCallable);
  if (binding === undefined) return undefined;
  const { method, body, responseBody } = binding;
  const parts = [`method: ${printString(method)}`, `path: ${printString(printPath(binding, desc.input))}`];
  if (body !== undefined) parts.push(`body: ${printString(body === "*" ? body : jsonPath(desc.input, body))}`);
  if (responseBody !== undefined) parts.push(`responseBody: ${printString(jsonPath(desc.output, responseBody))}`);
  const maps = body === "*" ? [] : listMaps(desc.input, body);
  if (maps.length > 0) parts.push(`maps: [${maps.map(printString).join(", ")}]`);
  return `{ ${parts.join(", ")} }`;
}

/**
 * Lists the maps that go into the query string, by paths of JSON names: their keys are written in brackets. A message within itself is
 * not entered. `body`: the field that does not go there, by its proto name.
 */
function listMaps(message: DescMessage, body: string | undefined, outer: readonly DescMessage[] = []): string[] {
  if (outer.includes(message) || message.typeName.startsWith("google.protobuf.")) return [];
  return message.fields.flatMap((field) => {
    if (field.name === body) return [];
    if (field.fieldKind === "map") return [field.jsonName];
    if (field.fieldKind !== "message") return [];
    return listMaps(field.message, undefined, [...outer, message]).map((path) => `${field.jsonName}.${path}`);
  });
}

/** Whether a client knows what to send: an HTTP method, and what each segment of the path is. */
function isCallable({ method, segments }: HttpBindingModel): boolean {
  return method !== "*" && !segments.some((segment) => segment === "*" || segment === "**");
}

function printPath({ segments, verb }: HttpBindingModel, request: DescMessage): string {
  const path = segments.map((segment) => printSegment(segment, request)).join("/");
  return `/${path}${verb === undefined ? "" : `:${verb}`}`;
}

function printSegment(segment: PathSegmentModel, request: DescMessage): string {
  if (typeof segment === "string") return segment;
  const field = jsonPath(request, segment.field);
  const template = segment.segments.join("/");
  return template === "*" ? `{${field}}` : `{${field}=${template}}`;
}

/** Converts the path of a field, with proto names, to one with JSON names. */
function jsonPath(message: DescMessage, path: string): string {
  let current: DescMessage | undefined = message;
  return path
    .split(".")
    .map((name) => {
      const field: DescMessage["fields"][number] | undefined = current?.fields.find(
        (candidate) => candidate.name === name,
      );
      current = field?.message;
      return field?.jsonName ?? name;
    })
    .join(".");
}
