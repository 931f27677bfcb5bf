import { HttpError, type HttpRequest } from "../../http/index.js";
import { type OperationParams, readOperationParams } from "./engine/index.js";

/** Reads what a request asks for (GraphQL over HTTP, 5.1) from the query of a GET or the body of a POST. Rejects with an HttpError for what is none. */
export async function readParams(request: HttpRequest, limit: number): Promise<OperationParams> {
  if (request.method === "GET") return check(fromQuery(request.query));
  const type = request.header("content-type") ?? "";
  // No other type: a page of another origin can send it only where that origin is let in.
  if (!isJson(type)) throw new HttpError(415, "invalid_argument", "the body must be application/json in UTF-8");
  return check(parseJson(await request.text(limit), "the body"));
}

function isJson(type: string): boolean {
  if (type === "application/json") return true;
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
  const params = readOperationParams(given);
  if (typeof params === "string") throw invalid(params);
  return params;
}

function invalid(message: string): HttpError {
  return new HttpError(400, "invalid_argument", message);
}
