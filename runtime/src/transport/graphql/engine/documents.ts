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
import { Cost, IntrospectionCost, measureShape } from "../limits/index.js";
import { Lru } from "./lru.js";
import { refusal, withCode, withoutSuggestion } from "./request-error.js";
import { UnconditionalSubscriptionRule } from "./unconditional-subscription-rule.js";

/** A document that may be executed, or why it may not. */
export type Checked =
  | { readonly operations: readonly Operation[]; readonly errors?: never }
  | { readonly errors: readonly GraphQLError[] };

/** An operation of a document, what it costs, and how it is executed. */
export interface Operation {
  readonly node: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly cost: Cost;
  /** undefined: graphql-js is to execute it. */
  readonly compiled: CompiledOperation | undefined;
}

/** What a document takes in memory, parsed, compiled and measured, for each character of its text: measured, with what V8 adds. */
const bytesPerCharacter = 80;

/** Longer texts are not kept, so that the memory of those that are is bounded. */
const longestKept = 64 * 1024;

/** What is refused is kept apart, or a flood of it would drive out what is in use. */
const refusals = { most: 100, longest: 1024 * 1024 };

/** Parses, measures and validates documents, each once as long as it is kept. */
export class Documents {
  private readonly schema: GraphQLSchema;
  private readonly limits: Required<GraphQLLimits>;
  private readonly introspection: boolean;
  private readonly rules: typeof specifiedRules;
  private readonly kept: Lru<Checked>;
  private readonly refused: Lru<Checked> = new Lru(refusals.most, refusals.longest);
  private introspectionCost: IntrospectionCost | undefined;

  constructor(schema: GraphQLSchema, limits: Required<GraphQLLimits>, introspection: boolean, most: number) {
    this.schema = schema;
    this.limits = limits;
    this.introspection = introspection;
    this.rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.kept = new Lru(most, limits.cacheBytes / bytesPerCharacter);
  }

  check(text: string): Checked {
    const { documentLength } = this.limits;
    // Before anything looks at all of it, be it only to find it among those that are kept.
    if (text.length > documentLength) {
      return tooMuch(`the document is ${text.length} characters long, more than ${documentLength}`);
    }
    const known = this.kept.get(text) ?? this.refused.get(text);
    if (known !== undefined) return known;
    const checked = this.read(text);
    if (text.length <= longestKept) (checked.errors === undefined ? this.kept : this.refused).set(text, checked);
    return checked;
  }

  private read(text: string): Checked {
    const { limits, schema } = this;
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.tokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { errors: [withCode(error, "invalid_argument")] };
    }
    const excess = findExcess(document, limits);
    if (excess !== undefined) return tooMuch(excess);
    const errors = this.validate(document);
    if (errors.length > 0) return { errors: errors.map((error) => this.toRefusal(error)) };
    dropTokens(document);
    const beyond = this.findExcessOfSchema(text, document);
    if (beyond !== undefined) return tooMuch(beyond);
    const operations = document.definitions.flatMap((node) => {
      if (node.kind !== Kind.OPERATION_DEFINITION) return [];
      const cost = new Cost(schema, document, node, limits);
      return [{ node, document, cost, compiled: compileOperation(schema, document, node) }];
    });
    return { operations };
  }

  private validate(document: DocumentNode): readonly GraphQLError[] {
    // First, and alone: a rule of graphql-js throws for a condition by a variable there.
    const conditions = validate(this.schema, document, [UnconditionalSubscriptionRule], { maxErrors: 20 });
    return conditions.length > 0 ? conditions : validate(this.schema, document, this.rules, { maxErrors: 20 });
  }

  /** What is wrong with a request. A suggestion would tell what the schema has to whom it is closed. */
  toRefusal(error: GraphQLError): GraphQLError {
    const told = withCode(error, "invalid_argument");
    return this.introspection ? told : withoutSuggestion(told);
  }

  /** What is too much that is asked of the schema itself, or undefined. */
  private findExcessOfSchema(text: string, document: DocumentNode): string | undefined {
    if (!this.introspection || !/__(?:schema|type)\b/.test(text)) return undefined;
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) continue;
      this.introspectionCost ??= new IntrospectionCost(this.schema, this.limits.cost);
      const { most } = this.introspectionCost;
      if (this.introspectionCost.of(document, node) > most) {
        return `the document asks for more than ${most} fields of the schema itself`;
      }
    }
    return undefined;
  }
}

/** Errors want to know where a node is, and nobody the tokens of a document that is valid: they are a third of its memory. */
function dropTokens(document: DocumentNode): void {
  visit(document, {
    enter: (node) => {
      const { loc } = node;
      if (loc !== undefined) Object.assign(node, { loc: { start: loc.start, end: loc.end, source: loc.source } });
    },
  });
}

/** What is too much of a document, or undefined. */
function findExcess(document: DocumentNode, limits: Required<GraphQLLimits>): string | undefined {
  const { depth, rootFields, aliases, directives } = measureShape(document);
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  const more = (count: number, limit: number, what: string): string | undefined =>
    count > limit ? `the document ${what}, more than ${limit}` : undefined;
  return (
    more(operations, limits.operations, `has ${operations} operations`) ??
    more(depth, limits.depth, `is nested ${depth} fields deep`) ??
    more(aliases, limits.aliases, `has ${aliases} aliases`) ??
    more(rootFields, limits.rootFields, `has ${rootFields} root fields in an operation`) ??
    more(directives, limits.directives, `has ${directives} directives`)
  );
}

function tooMuch(message: string): Checked {
  return { errors: [refusal("invalid_argument", message)] };
}
