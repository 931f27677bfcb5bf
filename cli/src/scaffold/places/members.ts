import { Node, type ObjectLiteralExpression } from "ts-morph";
import type { Seen } from "./seen.js";

/** A key of an object literal. */
export interface Member {
  /** The property, for its place. */
  readonly node: Node;
  /** Its value. undefined: a method or an accessor. */
  readonly value: Node | undefined;
}

/** The keys of an object literal, through spreads. */
export interface Members {
  /** The keys that can be seen. Of equal ones, the last. */
  readonly entries: ReadonlyMap<string, Member>;
  /** Spreads and computed names whose keys cannot be seen. */
  readonly unknown: readonly Node[];
}

/** Lists the keys of an object literal. `see` follows the expression of a spread. */
export function membersOf(
  literal: ObjectLiteralExpression,
  see: (expression: Node) => Seen,
  outer: readonly Node[] = [],
): Members {
  const entries = new Map<string, Member>();
  const unknown: Node[] = [];
  for (const property of literal.getProperties()) {
    if (Node.isSpreadAssignment(property)) {
      const seen = see(property.getExpression());
      // A literal that spreads itself ends nowhere.
      if (seen.kind === "opaque" || seen.node === literal || outer.includes(seen.node)) {
        unknown.push(property);
        continue;
      }
      const inner = membersOf(seen.node, see, [...outer, literal]);
      for (const [key, member] of inner.entries) entries.set(key, member);
      unknown.push(...inner.unknown);
      continue;
    }
    const key = keyOf(property.getNameNode());
    if (key === undefined) unknown.push(property);
    else entries.set(key, { node: property, value: readValue(property) });
  }
  return { entries, unknown };
}

/** Returns the name of a property. undefined: it is computed. */
function keyOf(name: Node): string | undefined {
  if (Node.isIdentifier(name)) return name.getText();
  if (Node.isStringLiteral(name) || Node.isNoSubstitutionTemplateLiteral(name)) return name.getLiteralText();
  if (Node.isNumericLiteral(name)) return String(name.getLiteralValue());
  return Node.isComputedPropertyName(name) ? keyOfComputed(name.getExpression()) : undefined;
}

function keyOfComputed(expression: Node): string | undefined {
  return Node.isIdentifier(expression) ? undefined : keyOf(expression);
}

function readValue(property: Node): Node | undefined {
  if (Node.isPropertyAssignment(property)) return property.getInitializer();
  return Node.isShorthandPropertyAssignment(property) ? property.getNameNode() : undefined;
}
