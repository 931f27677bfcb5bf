import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationTypeNode } from "graphql";
import { type Logger, silentLogger } from "../../../cqrs/index.js";
import { checkCount, findExcess, type GraphQLLimits, readLimits } from "../limits/index.js";
import { Documents, type Operation } from "./documents.js";
import type { OperationParams, OperationRequest } from "./operation-request.js";
import { carryOut, follow, type Surroundings } from "./operation-runner.js";
import { checkPersisted, type Located, Persisted, type PersistedDocuments } from "./persisted-documents.js";
import { refusal } from "./request-error.js";

/** How operations are prepared. */
export interface EngineSettings {
  readonly limits?: GraphQLLimits;
  /** Whether clients may ask for the schema; `__typename` they always may. Default: `true`. */
  readonly introspection?: boolean;
  /** How many documents are kept parsed and validated. Default: 1,000. */
  readonly cachedDocuments?: number;
  /** Documents that clients name in place of sending them. Default: none. */
  readonly persistedDocuments?: PersistedDocuments;
}

/** The settings as they are in force. Throws for one that is not right. */
export function readSettings(given: EngineSettings): Required<EngineSettings> & {
  readonly limits: Required<GraphQLLimits>;
} {
  const persistedDocuments = given.persistedDocuments ?? {};
  checkPersisted(persistedDocuments);
  return {
    limits: readLimits(given.limits),
    introspection: given.introspection ?? true,
    cachedDocuments: checkCount("cachedDocuments", given.cachedDocuments ?? 1_000),
    persistedDocuments,
  };
}

/** An operation that may be executed. */
export interface PreparedOperation {
  readonly kind: "operation";
  readonly operation: `${OperationTypeNode}`;
  readonly found: Operation;
  readonly variables: OperationRequest["variables"];
}

/** Why nothing is executed. Every error has a code. */
export interface RefusedOperation {
  readonly kind: "refused";
  readonly errors: readonly GraphQLError[];
}

/** Prepares and executes operations, whatever protocol they come by. */
export class GraphQLEngine {
  readonly limits: Required<GraphQLLimits>;
  private readonly documents: Documents;
  private readonly persisted: Persisted;
  private readonly around: Surroundings;

  constructor(schema: GraphQLSchema, options: EngineSettings & { readonly logger?: Logger } = {}) {
    const { limits, introspection, cachedDocuments, persistedDocuments } = readSettings(options);
    this.limits = limits;
    const { logger = silentLogger } = options;
    this.documents = new Documents(schema, limits, introspection, cachedDocuments);
    this.around = { schema, logger, toRefusal: (error) => this.documents.toRefusal(error) };
    this.persisted = new Persisted({
      options: persistedDocuments,
      most: cachedDocuments,
      isSound: (document) => this.documents.check(document).errors === undefined,
      logger,
    });
  }

  /**
   * Finds the document that a client sends or names. Gives no promise where it is sent. Rejects if whoever finds documents does.
   */
  locate(params: OperationParams): OperationRequest | RefusedOperation | Promise<OperationRequest | RefusedOperation> {
    const { operationName, variables } = params;
    const settle = (located: Located): OperationRequest | RefusedOperation =>
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
    const found = find(checked.operations, request);
    if (typeof found === "string") return refuse(found);
    const excess = findExcess(request.variables, this.limits);
    if (excess !== undefined) return refuse(excess);
    const cost = found.cost.of(request.variables);
    if (cost > this.limits.cost) {
      return refuse(`the operation may ask for ${cost} fields, more than ${this.limits.cost}`);
    }
    return { kind: "operation", operation: found.node.operation, found, variables: request.variables };
  }

  /** Executes a query or a mutation. Without `data` in the result, nothing was executed. */
  execute({ found, variables }: PreparedOperation, context: unknown): ExecutionResult | Promise<ExecutionResult> {
    return carryOut(this.around, found, variables, context);
  }

  /** Opens a subscription: its results, or the result that says why there are none. Its `return()` closes the source. */
  subscribe(
    { found, variables }: PreparedOperation,
    context: unknown,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    return follow(this.around, found, variables, context);
  }
}

function refuse(message: string): RefusedOperation {
  return { kind: "refused", errors: [refusal("invalid_argument", message)] };
}

/** The operation that is asked for, or why there is none. */
function find(operations: readonly Operation[], { operationName }: OperationRequest): Operation | string {
  if (operationName === undefined) {
    const [only, ...others] = operations;
    if (only === undefined) return "the document has no operation";
    return others.length === 0 ? only : "the document has several operations: operationName must name one";
  }
  const named = operations.find(({ node }) => node.name?.value === operationName);
  return named ?? "the document has no operation called as operationName says";
}
