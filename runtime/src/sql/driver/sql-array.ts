/** Types of array elements that statements bind. */
export type SqlElement = "boolean" | "bytea" | "int2" | "int4" | "int8" | "text" | "uuid";

/** An array to bind, with the type of its elements, so that a driver can send it in the binary format. */
export class SqlArray {
  readonly element: SqlElement;
  readonly values: readonly (string | number | boolean | Uint8Array | null)[];

  constructor(element: SqlElement, values: SqlArray["values"]) {
    this.element = element;
    this.values = values;
  }
}
