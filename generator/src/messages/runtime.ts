import { symbols } from "@potter/runtime/codegen/symbols";
import { type ImportSymbol, symbol } from "../printer/index.js";

type RuntimeName = keyof typeof symbols;

/** The symbols that generated files import from the runtime. */
export const runtime: { readonly [Name in RuntimeName]: ImportSymbol } = Object.fromEntries(
  Object.values(symbols).map(({ name, typeOnly }) => [name, symbol(name, "@potter/runtime/codegen/v1", typeOnly)]),
) as never;
