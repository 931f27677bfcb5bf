import type { OperationParams } from "./operation-request.js";

/** Reads the parameters from parsed JSON. Returns the error as a string, which contains nothing that the client sent. */
export function readOperationParams(given: unknown): OperationParams | string {
  if (Array.isArray(given)) return "batches are not supported: send one operation in a request";
  if (!isObject(given)) return "the body must be a JSON object";
  const { query, documentId, operationName, variables, extensions } = given;
  if (!isAbsent(query) && typeof query !== "string") return "query must be a GraphQL document";
  if (!isAbsent(documentId) && typeof documentId !== "string") return "documentId must be a string";
  const isNamed = !isAbsent(documentId) || (isObject(extensions) && !isAbsent(extensions["persistedQuery"]));
  if (!isNamed && (isAbsent(query) || query === "")) return "query must be a GraphQL document";
  if (!isAbsent(operationName) && typeof operationName !== "string") return "operationName must be a string";
  if (!isAbsent(variables) && !isObject(variables)) return "variables must be a JSON object";
  if (!isAbsent(extensions) && !isObject(extensions)) return "extensions must be a JSON object";
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
