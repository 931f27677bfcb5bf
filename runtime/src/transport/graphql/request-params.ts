import { HttpError, type HttpRequest } from "../../http/index.js";
import type { OperationParams } from "./engine/index.js";

/** Reads what a request asks for (GraphQL over HTTP, 5.1) from the query of a GET or the body of a POST. Rejects with an HttpError for what is none. */
export async function readParams(request: HttpRequest, limit: number): Promise<OperationParams> {
  if (request.method === "GET") return check(fromQuery(request.query));
  const type = request.header("content-type") ?? "";
  // No other type: a page of another origin can send it only where that origin is let in.
  if (!isJson(type)) throw new HttpError(415, "invalid_argument", "the body must be application/json in UTF-8");
  return check(parseJson(await request.text(limit), "the body"));
}

function isJson(type: string): boolean {
  const [mediaType = "", ...parameters] = type.toLowerCase().split(";");
  if (mediaType.trim() !== "application/json") return false;
  return parameters.every((one) => !/^\s*charset=/.test(one) || /^\s*charset="?utf-?8"?\s*$/.test(one));
}

function fromQuery(query: string): unknown {
  const given = new URLSearchParams(query);
  const json = (name: string): unknown => {
    const text = given.get(name);
    return text === null || text === "" ? undefined : parseJson(text, name);
  };
  return {
    query: given.get("query") ?? undefined,
    documentId: given.get("documentId") ?? undefined,
    operationName: given.get("operationName") ?? undefined,
    variables: json("variables"),
    extensions: json("extensions"),
  };
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`${what} is not valid JSON`);
  }
}

function check(given: unknown): OperationParams {
  if (Array.isArray(given)) throw invalid("operations are not taken in batches: send one in a request");
  if (!isObject(given)) throw invalid("the body must be a JSON object");
  const { query, documentId, operationName, variables, extensions } = given;
  if (!isAbsent(query) && typeof query !== "string") throw invalid("query must be the text of a document");
  if (!isAbsent(documentId) && typeof documentId !== "string") throw invalid("documentId must be a string");
  const isNamed = !isAbsent(documentId) || (isObject(extensions) && !isAbsent(extensions["persistedQuery"]));
  if (!isNamed && (isAbsent(query) || query === "")) throw invalid("query must be the text of a document");
  if (!isAbsent(operationName) && typeof operationName !== "string") throw invalid("operationName must be a string");
  if (!isAbsent(variables) && !isObject(variables)) throw invalid("variables must be a JSON object");
  if (!isAbsent(extensions) && !isObject(extensions)) throw invalid("extensions must be a JSON object");
  return {
    query: toText(query),
    documentId: toText(documentId),
    operationName: toText(operationName),
    variables: isObject(variables) ? variables : {},
    extensions: isObject(extensions) ? extensions : undefined,
  };
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): HttpError {
  return new HttpError(400, "invalid_argument", message);
}
