/** A generated file; `name` is its path below the plugin's `out` folder. */
export interface GeneratedFile {
  /** The path, with slashes: `shop/orders/v1/orders_cqrs.ts`. */
  readonly name: string;
  /** The text of the file. */
  readonly content: string;
}
