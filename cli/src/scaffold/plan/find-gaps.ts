import { Node, type ObjectLiteralExpression } from "ts-morph";
import type { Expected, ExpectedObject, ExpectedPart } from "../contract/index.js";
import { type Bindings, type Member, membersOf } from "../places/index.js";
import type { ExtraKey, Gaps, HiddenKeys, MissingKey } from "./gap.js";

/** Compares a behaviour with the contract. */
export function findGaps(part: ExpectedPart, behaviour: Node, bindings: Bindings): Gaps {
  const missing: MissingKey[] = [];
  const extra: ExtraKey[] = [];
  const hidden: HiddenKeys[] = [];
  const literals: { literal: ObjectLiteralExpression; slot: readonly string[] }[] = [];
  visit(part.behaviour, behaviour, []);
  return { part, missing, extra, hidden, literals };

  function visit(expected: ExpectedObject, expression: Node, slot: readonly string[]): void {
    const seen = bindings.object(expression);
    if (seen.kind === "opaque") {
      const keys = [...expected.required];
      if (keys.length > 0) hidden.push({ part, slot, keys, node: seen.node, reason: describe(seen.node) });
      return;
    }
    compare(expected, seen.node, slot);
  }

  function compare(expected: ExpectedObject, literal: ObjectLiteralExpression, slot: readonly string[]): void {
    literals.push({ literal, slot });
    const { entries, unknown } = membersOf(literal, (one) => bindings.object(one));
    const lacking = [...expected.required].filter(([key]) => !entries.has(key));
    const [first] = unknown;
    if (first === undefined) missing.push(...lacking.map(([key, value]) => ({ part, literal, slot, key, value })));
    else if (lacking.length > 0) {
      hidden.push({ part, slot, keys: lacking, node: first, reason: describe(first) });
    }
    for (const [key, member] of entries) {
      const value = expected.required.get(key) ?? expected.optional.get(key);
      if (value !== undefined) descend(value, member, [...slot, key]);
      else if (expected.isClosed) extra.push({ part, slot, key, node: member.node });
    }
  }

  function descend(expected: Expected, { node, value }: Member, slot: readonly string[]): void {
    if (expected.kind === "code") return;
    if (value !== undefined) visit(expected, value, slot);
    else if (expected.required.size > 0) {
      hidden.push({ part, slot, keys: [...expected.required], node, reason: describe(node) });
    }
  }
}

function describe(node: Node): string {
  if (Node.isSpreadAssignment(node)) return `the spread ${abbreviate(node)} hides keys`;
  if (Node.isComputedPropertyName(node) || Node.isPropertyAssignment(node)) return "a computed name hides keys";
  if (Node.isCallExpression(node)) return `${abbreviate(node.getExpression())}(…) is a call`;
  if (Node.isConditionalExpression(node)) return "the value is conditional";
  return `${abbreviate(node)} is not an object literal that can be followed`;
}

function abbreviate(node: Node): string {
  const text = node.getText().replaceAll(/\s+/g, " ");
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
