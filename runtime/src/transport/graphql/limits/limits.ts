/** What an operation may ask for. Beyond a limit it is refused, and nothing of it is executed. */
export interface GraphQLLimits {
  /** How many fields may be nested. Default: 15. */
  readonly depth?: number;
  /**
   * How many fields may be answered: each counts as often as the lists around it are long. A list is as long as its argument
   * `first`, `last`, `limit` or `pageSize` says; that of a connection counts for the lists in it. Default: 50,000.
   */
  readonly cost?: number;
  /**
   * How long a list is taken to be that has such an argument, when it is absent, null, 0 or negative: the server's own choice. Default: 50, as
   * pages of views are.
   */
  readonly pageSize?: number;
  /** How long a list is taken to be that has no such argument. Default: 10. */
  readonly listSize?: number;
  /** How many fields of the root type an operation may have. Default: 30. */
  readonly rootFields?: number;
  /** How many fields of an operation may have an alias, those of fragments as often as they are spread. Default: 50. */
  readonly aliases?: number;
  /** How many directives an operation may have, those of fragments as often as they are spread. Default: 50. */
  readonly directives?: number;
  /** How many operations a document may have. Default: 20. */
  readonly operations?: number;
  /** How many tokens a document may have. Default: 2,000. */
  readonly tokens?: number;
  /** How many UTF-16 code units a document may have. Default: 65,536. */
  readonly documentLength?: number;
  /** How many items a list among the variables may have. Default: 10,000. */
  readonly listItems?: number;
  /** How deep lists and objects may be nested among the variables. Default: 50. */
  readonly inputDepth?: number;
  /** How much memory documents may take that are kept parsed and validated, by an estimate. Default: 64 MiB. */
  readonly cacheBytes?: number;
  /** Of the body of a request. Default: 1 MiB. */
  readonly maxBodySize?: number;
}

const defaults: Required<GraphQLLimits> = {
  depth: 15,
  cost: 50_000,
  pageSize: 50,
  listSize: 10,
  rootFields: 30,
  aliases: 50,
  directives: 50,
  operations: 20,
  tokens: 2_000,
  documentLength: 65_536,
  listItems: 10_000,
  inputDepth: 50,
  cacheBytes: 64 * 1024 * 1024,
  maxBodySize: 1024 * 1024,
};

/** The limits given, and the defaults of the others. Throws for one that is no count. */
export function readLimits(given: GraphQLLimits = {}): Required<GraphQLLimits> {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof GraphQLLimits)[]) {
    limits[name] = checkCount(`limits.${name}`, given[name] ?? defaults[name]);
  }
  return limits;
}

/** A whole number above 0, or it throws. */
export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${value}: expected a whole number above 0`);
}
