/** What a client asks to be executed. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a client sends: a document, or the id of one. */
export interface OperationParams extends Omit<OperationRequest, "query"> {
  readonly query: string | undefined;
  /** The id of a persisted document, as the appendix of GraphQL over HTTP has it. */
  readonly documentId?: string | undefined;
  /** `persistedQuery` is what Apollo's protocol names a document by. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
