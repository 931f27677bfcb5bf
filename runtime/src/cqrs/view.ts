import type { AnyCodec, Engine, EventDefinition, MessageTypes } from "../message/index.js";

/** The types of a read model, as the generator prints them. */
export interface ReadModelTypes {
  /** The row. */
  readonly row: MessageTypes;
  /** The type of its key field. */
  readonly key: unknown;
  /** The events that its projection handles, by local name. */
  readonly events: object;
  /** Set if some of the events belong to an aggregate that stores its state: only an inline projection receives them. */
  readonly mode?: "inline";
}

/** Conditions on one field of a row. All of them must hold. */
export interface Bound<V> {
  /** Equals this value. */
  readonly eq?: V;
  /** Differs from this value; a field without a value does too. */
  readonly ne?: V;
  /** Is less than this value. */
  readonly lt?: V;
  /** Is less than or equal to this value. */
  readonly lte?: V;
  /** Is greater than this value. */
  readonly gt?: V;
  /** Is greater than or equal to this value. */
  readonly gte?: V;
  /** Equals one of these values. */
  readonly in?: readonly V[];
}

/** A condition for each field: a value to equal, or bounds. Fields that are messages, lists or maps cannot be filtered. */
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

/** The page to read, in the terms of AIP-158. A list request with these fields can be passed unchanged. */
export interface PageRequest {
  /** The most rows of the page; at most 1000. Default: 50. */
  readonly pageSize?: number;
  /** `nextPageToken` of the previous page. Default: the first page. */
  readonly pageToken?: string;
}

declare const page: unique symbol;

/** Excludes pages from the return types of handlers: a response message has its own fields for items. */
export interface NotPage {
  /** For the compiler only: a page has this property. */
  readonly [page]?: never;
}

/** A page of rows. A handler builds its response from it: `{ orders: page.items, nextPageToken: page.nextPageToken }`. */
export interface Page<Row> {
  /** For the compiler only: a handler that returns the page itself does not compile. */
  readonly [page]?: true;
  /** The rows of the page, ordered by key. */
  readonly items: Row[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** A query of rows, ordered by key. */
export interface RowQuery<Row> {
  /** Returns a query that also applies this filter. */
  where(filter: Filter<Row>): RowQuery<Row>;
  /** Reads one page. Rejects with `invalid_argument` for a page token of another query. */
  page(request: PageRequest): Promise<Page<Row>>;
  /** Reads the first matching row; undefined if there is none. */
  first(): Promise<Row | undefined>;
  /** Counts the matching rows. */
  count(): Promise<number>;
}

/** Reads the rows of a read model. */
export interface View<R extends ReadModelTypes = ReadModelTypes> extends RowQuery<R["row"]["message"]> {
  /** Reads the row with this key; undefined if there is none. */
  get(key: R["key"]): Promise<R["row"]["message"] | undefined>;
  /**
   * Yields the row now and after each change until the call ends. If there is no row yet, it begins with the first
   * change.
   */
  watch(key: R["key"]): AsyncIterable<R["row"]["message"]>;
}

/** A read model, as the generator prints it. */
export interface ReadModelDeclaration {
  /** Local name: `OrderView`. */
  readonly name: string;
  /** Codec of the rows. */
  readonly codec: AnyCodec;
  /** Name of the key field in the proto. */
  readonly keyField: string;
  /** The key of a row, as text. */
  key(row: unknown): string;
  /** The events that its projection handles, by local name. Stored events of superseded versions arrive upcast. */
  readonly events: { readonly [name: string]: EventDefinition };
  /** Encrypts the personal fields of its rows. Absent: rows have none. */
  readonly personal?: Engine<"personal data">;
}

/** A read model, as the runtime interprets it. */
export interface ReadModelDefinition extends ReadModelDeclaration {
  /** Keeps its rows up to date and reads them. */
  readonly engine: Engine<"read models">;
}
