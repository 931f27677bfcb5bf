/** Something that another module exports. */
export interface ImportSymbol {
  readonly name: string;
  /** A package (`@potter/runtime/codegen`), or a generated file by its path from the output's root (`./shop/orders_pb.js`). */
  readonly from: string;
  /** It exists for the compiler alone. */
  readonly typeOnly?: boolean;
}
