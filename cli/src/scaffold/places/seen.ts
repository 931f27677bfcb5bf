import type { Node, ObjectLiteralExpression } from "ts-morph";

/** What an expression is: an object literal that can be seen, or something else. */
export type Seen =
  | { readonly kind: "literal"; readonly node: ObjectLiteralExpression }
  | { readonly kind: "opaque"; readonly node: Node };
