import type { AnyCodec, EventDefinition, MessageTypes } from "../message/index.js";

/** What the generator says of a read model to the compiler. */
export interface ReadModelTypes {
  /** The row. */
  readonly row: MessageTypes;
  /** The type of its key field. */
  readonly key: unknown;
  /** The events that its projection handles, by local name. */
  readonly events: object;
  /** Where some of the events are of an aggregate that stores its state: only an inline projection sees them. */
  readonly mode?: "inline";
}

/** A bound for one field of a row. Several bounds all hold. */
export interface Bound<V> {
  readonly eq?: V;
  readonly ne?: V;
  readonly lt?: V;
  readonly lte?: V;
  readonly gt?: V;
  readonly gte?: V;
  readonly in?: readonly V[];
}

/** Field by field: a value to equal, or bounds. Fields that are messages, lists or maps cannot be filtered by. */
export type Filter<Row> = {
  readonly [K in keyof Row as K extends `$${string}` ? never : K]?: Row[K] extends
    | string
    | number
    | bigint
    | boolean
    | undefined
    ? Row[K] | Bound<NonNullable<Row[K]>>
    : never;
};

/** A page to ask for, in the words of AIP-158. A list request with these fields can be passed as it is. */
export interface PageRequest {
  /** Default 50, at most 1000. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

declare const page: unique symbol;

/** What is no page: for answers, which are messages of the contract and have fields of their own for items. */
export interface NotPage {
  readonly [page]?: never;
}

/** Some rows. An answer is made of it: `{ orders: page.items, nextPageToken: page.nextPageToken }`. */
export interface Page<Row> {
  /** For the compiler only: a page that is returned as the answer, without its items, does not compile. */
  readonly [page]?: true;
  readonly items: Row[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** Rows that match, in the order of their keys. */
export interface RowQuery<Row> {
  where(filter: Filter<Row>): RowQuery<Row>;
  page(request: PageRequest): Promise<Page<Row>>;
  first(): Promise<Row | undefined>;
  count(): Promise<number>;
}

/** The rows of a read model, to read. */
export interface View<R extends ReadModelTypes = ReadModelTypes> extends RowQuery<R["row"]["message"]> {
  get(key: R["key"]): Promise<R["row"]["message"] | undefined>;
  /** The row, and again whenever it has changed, until the call ends. Begins with the first change if there is no row yet. */
  watch(key: R["key"]): AsyncIterable<R["row"]["message"]>;
}

/** A read model, as the generator prints it and the engine sees it. */
export interface ReadModelDefinition {
  /** Local name: `OrderView`. */
  readonly name: string;
  readonly codec: AnyCodec;
  /** Name of the key field in the proto. */
  readonly keyField: string;
  /** The key of a row, as text. */
  key(row: unknown): string;
  /** The events of `from`, by local name. Stored events that these supersede arrive upcast. */
  readonly events: { readonly [name: string]: EventDefinition };
}
