/** An operation to execute, with its document. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The parameters that a client sends: a document, or the id of one. */
export interface OperationParams extends Omit<OperationRequest, "query"> {
  readonly query: string | undefined;
  /** The id of a persisted document (GraphQL over HTTP, appendix A). */
  readonly documentId?: string | undefined;
  /** `persistedQuery` identifies a document in Apollo's protocol. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
