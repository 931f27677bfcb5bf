import { PotterError } from "../../../errors/index.js";

/** Limits of documents and operations. A request beyond one of them is rejected before anything is executed. */
export interface GraphQLLimits {
  /** Maximum nesting of fields. Default: 15. */
  readonly depth?: number;
  /**
   * Maximum number of fields that an operation may return. A field counts once for each item of the lists around it. The size
   * of a list is its argument `first`, `last`, `limit` or `pageSize`; that of a connection applies to its lists. Default: 50,000.
   */
  readonly cost?: number;
  /**
   * Assumed size of a list whose size argument is absent, null, 0 or negative, so that the server chooses it. Default: 50, the
   * page size of views.
   */
  readonly pageSize?: number;
  /** Assumed size of a list without a size argument. Default: 10. */
  readonly listSize?: number;
  /** Maximum number of root fields of an operation. Default: 30. */
  readonly rootFields?: number;
  /** Maximum number of aliases in an operation; those of a fragment count for each spread. Default: 50. */
  readonly aliases?: number;
  /** Maximum number of directives in an operation; those of a fragment count for each spread. Default: 50. */
  readonly directives?: number;
  /** Maximum number of operations in a document. Default: 20. */
  readonly operations?: number;
  /** Maximum number of tokens in a document. Default: 2,000. */
  readonly tokens?: number;
  /** Maximum length of a document in UTF-16 code units. Default: 65,536. */
  readonly documentLength?: number;
  /** Maximum number of items in each list of the variables. Default: 10,000. */
  readonly listItems?: number;
  /** Maximum nesting of lists and objects in the variables. Default: 50. */
  readonly inputDepth?: number;
  /** Maximum estimated memory of the document cache in bytes. Default: 64 MiB. */
  readonly cacheSize?: number;
  /** Maximum size of a request body in bytes. Default: 1 MiB. */
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
  cacheSize: 64 * 1024 * 1024,
  maxBodySize: 1024 * 1024,
};

/** Applies the defaults. Throws `invalid_argument` for a limit that is not a whole number above 0. */
export function readLimits(given: GraphQLLimits = {}): Required<GraphQLLimits> {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof GraphQLLimits)[]) {
    limits[name] = checkPositiveInteger(`limits.${name}`, given[name] ?? defaults[name]);
  }
  return limits;
}

/** Returns a whole number above 0, or throws `invalid_argument`. */
export function checkPositiveInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new PotterError("invalid_argument", `${name} is ${value}: expected a whole number above 0`);
}
