/** An export that a file can import. The same module and name denote the same symbol. */
export interface ImportSymbol {
  readonly kind: "symbol";
  readonly name: string;
  /** A package, or a generated file below the same `out` as `{ path }` without an extension. */
  readonly from: string | { readonly path: string };
  readonly typeOnly: boolean;
}

/** Creates a symbol. */
export function symbol(name: string, from: ImportSymbol["from"], typeOnly = false): ImportSymbol {
  return { kind: "symbol", name, from, typeOnly };
}

/** Returns the same symbol as a type-only import. */
export function asType(symbol: ImportSymbol): ImportSymbol {
  return { ...symbol, typeOnly: true };
}
