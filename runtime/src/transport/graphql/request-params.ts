import { HttpError, type HttpRequest, readJsonText } from "../../http/index.js";
import { type OperationParams, readOperationParams } from "./engine/index.js";
import type { GraphQLLimits } from "./limits/index.js";

/**
 * Reads the parameters of a request (GraphQL over HTTP, 5.1) from the query of a GET or the body of a POST. Rejects with an
 * HttpError if they are malformed.
 */
export async function readParams(
  request: HttpRequest,
  { maxBodySize, inputDepth }: Required<GraphQLLimits>,
): Promise<OperationParams> {
  // More than the limit, so that `findInputExcess` reports variables that are too deep.
  const depth = inputDepth + 100;
  if (request.method === "GET") return check(fromQuery(request.query, depth));
  const type = request.header("content-type") ?? "";
  // Only this type: a page of another origin needs a CORS preflight to send it.
  if (!isJson(type)) throw new HttpError(415, "invalid_argument", "the body must be application/json in UTF-8");
  return check(readJsonText(await request.text(maxBodySize), depth, "the body", JSON.parse));
}

function isJson(type: string): boolean {
  if (type === "application/json") return true;
  const [mediaType = "", ...parameters] = type.toLowerCase().split(";");
  if (mediaType.trim() !== "application/json") return false;
  return parameters.every((one) => !/^\s*charset=/.test(one) || /^\s*charset="?utf-?8"?\s*$/.test(one));
}

function fromQuery(query: string, depth: number): unknown {
  const given = new URLSearchParams(query);
  const json = (name: string): unknown => {
    const text = given.get(name);
    return text === null || text === "" ? undefined : readJsonText(text, depth, name, JSON.parse);
  };
  return {
    query: given.get("query") ?? undefined,
    documentId: given.get("documentId") ?? undefined,
    operationName: given.get("operationName") ?? undefined,
    variables: json("variables"),
    extensions: json("extensions"),
  };
}

function check(given: unknown): OperationParams {
  const params = readOperationParams(given);
  if (typeof params === "string") throw invalid(params);
  return params;
}

function invalid(message: string): HttpError {
  return new HttpError(400, "invalid_argument", message);
}
