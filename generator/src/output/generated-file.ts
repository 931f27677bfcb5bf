/** A generated file; `name` is its path below the plugin's `out` folder. */
export interface GeneratedFile {
  /** The path, with slashes: `shop/orders/v1/orders_cqrs.ts`. */
  readonly name: string;
  /** The text of the file. */
  readonly content: string;
  /** The path of the proto file for which it is generated; undefined if it depends on the whole contract. */
  readonly source?: string;
}
