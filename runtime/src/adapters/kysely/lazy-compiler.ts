import {
  type CompiledQuery,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryId,
  type RootOperationNode,
} from "kysely";

/** Compiles on access: where tables are qualified later, the first compilation is never run. */
export class LazyCompiler implements QueryCompiler {
  compileQuery<R>(node: RootOperationNode, queryId: QueryId): CompiledQuery<R> {
    let known: CompiledQuery<R> | undefined;
    const compiled = () => {
      known ??= new PostgresQueryCompiler().compileQuery(node, queryId) as CompiledQuery<R>;
      return known;
    };
    return {
      query: node,
      queryId,
      get sql() {
        return compiled().sql;
      },
      get parameters() {
        return compiled().parameters;
      },
    };
  }
}
