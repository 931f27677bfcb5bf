import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationTypeNode } from "graphql";
import { type Logger, silentLogger } from "../../../cqrs/index.js";
import { checkPositiveInteger, findInputExcess, type GraphQLLimits, readLimits } from "../limits/index.js";
import { type CheckedOperation, DocumentCache } from "./documents.js";
import type { OperationParams, OperationRequest } from "./operation-request.js";
import { openSubscription, type RunnerDependencies, runOperation } from "./operation-runner.js";
import {
  checkPersistedDocuments,
  type LocatedDocument,
  PersistedDocumentFinder,
  type PersistedDocuments,
} from "./persisted-documents.js";
import { requestError } from "./request-error.js";

/** Settings of an engine. */
export interface EngineSettings {
  readonly limits?: GraphQLLimits;
  /** Whether clients may query `__schema` and `__type`; `__typename` is always allowed. Default: `true`. */
  readonly introspection?: boolean;
  /** Maximum number of parsed and validated documents in the cache. Default: 1,000. */
  readonly cachedDocuments?: number;
  /** Documents that clients request by id or hash instead of sending them. Default: none. */
  readonly persistedDocuments?: PersistedDocuments;
}

/** Applies the defaults. Throws `invalid_argument` for an invalid setting. */
export function readSettings(given: EngineSettings): Required<EngineSettings> & {
  readonly limits: Required<GraphQLLimits>;
} {
  const persistedDocuments = given.persistedDocuments ?? {};
  checkPersistedDocuments(persistedDocuments);
  return {
    limits: readLimits(given.limits),
    introspection: given.introspection ?? true,
    cachedDocuments: checkPositiveInteger("cachedDocuments", given.cachedDocuments ?? 1_000),
    persistedDocuments,
  };
}

/** An operation that passed all checks. */
export interface PreparedOperation {
  readonly kind: "operation";
  readonly operation: `${OperationTypeNode}`;
  readonly checked: CheckedOperation;
  readonly variables: OperationRequest["variables"];
}

/** The errors of a rejected request. Every error has a code. */
export interface RefusedOperation {
  readonly kind: "refused";
  readonly errors: readonly GraphQLError[];
}

/** Prepares and executes operations, independent of the transport protocol. */
export class GraphQLEngine {
  readonly limits: Required<GraphQLLimits>;
  private readonly documents: DocumentCache;
  private readonly persisted: PersistedDocumentFinder;
  private readonly runnerDependencies: RunnerDependencies;

  constructor(schema: GraphQLSchema, options: EngineSettings & { readonly logger?: Logger } = {}) {
    const { limits, introspection, cachedDocuments, persistedDocuments } = readSettings(options);
    this.limits = limits;
    const { logger = silentLogger } = options;
    this.documents = new DocumentCache(schema, limits, introspection, cachedDocuments);
    this.runnerDependencies = { schema, logger, toRequestError: (error) => this.documents.toRequestError(error) };
    this.persisted = new PersistedDocumentFinder({
      options: persistedDocuments,
      maxDocuments: cachedDocuments,
      isValid: (document) => this.documents.check(document).errors === undefined,
      logger,
    });
  }

  /** Finds the document that a client sends or identifies. Returns no promise if the document is sent without an id. */
  locate(params: OperationParams): OperationRequest | RefusedOperation | Promise<OperationRequest | RefusedOperation> {
    const { operationName, variables } = params;
    const settle = (located: LocatedDocument): OperationRequest | RefusedOperation =>
      "error" in located
        ? { kind: "refused", errors: [located.error] }
        : { query: located.query, operationName, variables };
    const located = this.persisted.locate(params);
    return "then" in located ? located.then(settle) : settle(located);
  }

  /** Checks a request against the schema and the limits. Executes nothing. */
  prepare(request: OperationRequest): PreparedOperation | RefusedOperation {
    const checked = this.documents.check(request.query);
    if (checked.errors !== undefined) return { kind: "refused", errors: checked.errors };
    const operation = find(checked.operations, request);
    if (typeof operation === "string") return refuse(operation);
    const excess = findInputExcess(request.variables, this.limits);
    if (excess !== undefined) return refuse(excess);
    const cost = operation.cost.of(request.variables);
    if (cost > this.limits.cost) {
      return refuse(`the operation may return ${cost} fields, more than ${this.limits.cost} (limits.cost)`);
    }
    return { kind: "operation", operation: operation.node.operation, checked: operation, variables: request.variables };
  }

  /** Executes a query or a mutation. A result without `data` means that nothing was executed. */
  execute({ checked, variables }: PreparedOperation, context: unknown): ExecutionResult | Promise<ExecutionResult> {
    return runOperation(this.runnerDependencies, checked, variables, context);
  }

  /** Opens a subscription. Resolves to its results, whose `return()` closes the source, or to a result with errors. */
  subscribe(
    { checked, variables }: PreparedOperation,
    context: unknown,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    return openSubscription(this.runnerDependencies, checked, variables, context);
  }
}

function refuse(message: string): RefusedOperation {
  return { kind: "refused", errors: [requestError("invalid_argument", message)] };
}

/** Finds the requested operation. Returns the error as a string. */
function find(operations: readonly CheckedOperation[], { operationName }: OperationRequest): CheckedOperation | string {
  if (operationName === undefined) {
    const [only, ...others] = operations;
    if (only === undefined) return "the document has no operation";
    return others.length === 0 ? only : "the document has several operations: operationName must name one";
  }
  const named = operations.find(({ node }) => node.name?.value === operationName);
  return named ?? "the document has no operation named as in operationName";
}
