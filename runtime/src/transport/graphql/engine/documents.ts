import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import { type CompiledOperation, compileOperation } from "../execution/index.js";
import type { GraphQLLimits } from "../limits/index.js";
import { findDocumentExcess, IntrospectionCost, OperationCost } from "../limits/index.js";
import { LruCache } from "./lru.js";
import { requestError, withCode, withoutSuggestion } from "./request-error.js";
import { UnconditionalSubscriptionRule } from "./unconditional-subscription-rule.js";

/** The operations of a valid document, or the errors of an invalid one. */
export type CheckedDocument =
  | { readonly operations: readonly CheckedOperation[]; readonly errors?: never }
  | { readonly errors: readonly GraphQLError[] };

/** An operation of a valid document, with its cost and its executor. */
export interface CheckedOperation {
  readonly node: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly cost: OperationCost;
  /** undefined: graphql-js executes it. */
  readonly compiled: CompiledOperation | undefined;
}

/** Memory of a parsed, compiled and measured document for each character of its text, as measured with V8. */
const bytesPerCharacter = 80;

/** Longer documents are not cached, so that the memory of the cache is bounded. */
const maxCachedLength = 64 * 1024;

/** Rejected documents have a cache of their own, so that a flood of them does not evict valid ones. */
const rejectedLimits = { entries: 100, length: 1024 * 1024 };

/** Parses, measures and validates documents, each once while it is in the cache. */
export class DocumentCache {
  private readonly schema: GraphQLSchema;
  private readonly limits: Required<GraphQLLimits>;
  private readonly introspection: boolean;
  private readonly rules: typeof specifiedRules;
  private readonly accepted: LruCache<CheckedDocument>;
  private readonly rejected: LruCache<CheckedDocument> = new LruCache(rejectedLimits.entries, rejectedLimits.length);
  private introspectionCost: IntrospectionCost | undefined;

  constructor(schema: GraphQLSchema, limits: Required<GraphQLLimits>, introspection: boolean, maxEntries: number) {
    this.schema = schema;
    this.limits = limits;
    this.introspection = introspection;
    this.rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.accepted = new LruCache(maxEntries, limits.cacheSize / bytesPerCharacter);
  }

  check(text: string): CheckedDocument {
    const { documentLength } = this.limits;
    // First, since even the lookup in the cache reads the whole text.
    if (text.length > documentLength) {
      return reject(
        `the document is ${text.length} characters long, more than ${documentLength} (limits.documentLength)`,
      );
    }
    const known = this.accepted.get(text) ?? this.rejected.get(text);
    if (known !== undefined) return known;
    const checked = this.read(text);
    if (text.length <= maxCachedLength)
      (checked.errors === undefined ? this.accepted : this.rejected).set(text, checked);
    return checked;
  }

  private read(text: string): CheckedDocument {
    const { limits, schema } = this;
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.tokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [withCode(error, "invalid_argument")] };
    }
    const excess = findDocumentExcess(document, limits);
    if (excess !== undefined) return reject(excess);
    const errors = this.validate(document);
    if (errors.length > 0) return { errors: errors.map((error) => this.toRequestError(error)) };
    dropTokens(document);
    const beyond = this.findIntrospectionExcess(text, document);
    if (beyond !== undefined) return reject(beyond);
    const operations = document.definitions.flatMap((node) => {
      if (node.kind !== Kind.OPERATION_DEFINITION) return [];
      const cost = new OperationCost(schema, document, node, limits);
      return [{ node, document, cost, compiled: compileOperation(schema, document, node) }];
    });
    return { operations };
  }

  private validate(document: DocumentNode): readonly GraphQLError[] {
    // Before the other rules: one of graphql-js throws for a condition with a variable there.
    const conditions = validate(this.schema, document, [UnconditionalSubscriptionRule], { maxErrors: 20 });
    return conditions.length > 0 ? conditions : validate(this.schema, document, this.rules, { maxErrors: 20 });
  }

  /** Converts an error of a request. Without introspection it must not suggest names of the schema. */
  toRequestError(error: GraphQLError): GraphQLError {
    const withItsCode = withCode(error, "invalid_argument");
    return this.introspection ? withItsCode : withoutSuggestion(withItsCode);
  }

  /** Describes an introspection query that exceeds its limit. */
  private findIntrospectionExcess(text: string, document: DocumentNode): string | undefined {
    if (!this.introspection || !/__(?:schema|type)\b/.test(text)) return undefined;
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) continue;
      this.introspectionCost ??= new IntrospectionCost(this.schema, this.limits.cost);
      const { maximum } = this.introspectionCost;
      if (this.introspectionCost.of(document, node) > maximum) {
        return `the document requests more than ${maximum} fields of the schema itself (limits.cost)`;
      }
    }
    return undefined;
  }
}

/** Drops the tokens of a valid document, a third of its memory. Errors need only the location of nodes. */
function dropTokens(document: DocumentNode): void {
  visit(document, {
    enter: (node) => {
      const { loc } = node;
      if (loc !== undefined) Object.assign(node, { loc: { start: loc.start, end: loc.end, source: loc.source } });
    },
  });
}

function reject(message: string): CheckedDocument {
  return { errors: [requestError("invalid_argument", message)] };
}
