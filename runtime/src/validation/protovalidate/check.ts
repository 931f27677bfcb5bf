import { compileText, literal, type Refer } from "../../function-text/index.js";

/** A fast check of one value. `true`: certainly valid; `false`: protovalidate decides. */
export type Check = (value: unknown) => boolean;

/** The check for a rule without a fast check: protovalidate decides. */
export const fallback: Check = () => false;

/** What the text of a check is written with. */
export interface Scope {
  readonly refer: Refer;
  /** Returns a name for a variable that no other check uses. */
  variable(): string;
}

/** Writes statements that return false unless the value of an expression is valid. The expression is a name or a member of one. */
export type WriteCheck = (value: string, scope: Scope) => string;

/** The text of checks that have one. */
const texts = new WeakMap<Check, WriteCheck>();

/** Adds the text of a check, which must do the same as the function. */
export function withText<C extends Check>(check: C, write: WriteCheck): C {
  texts.set(check, write);
  return check;
}

/** Adds the text of a check that is one expression. */
export function withExpression<C extends Check>(check: C, write: (value: string, refer: Refer) => string): C {
  return withText(check, (value, { refer }) => `if(!(${write(value, refer)}))return false;`);
}

/** The statements of a check: of its text, or a call of the function. */
export function write(check: Check, value: string, scope: Scope): string {
  return texts.get(check)?.(value, scope) ?? `if(!${scope.refer(check)}(${value}))return false;`;
}

/** Compiles the text of checks of one value; undefined where the platform forbids it. */
export function compileChecks(checks: readonly Check[]): Check | undefined {
  return compileText((refer) => {
    let variables = 0;
    const scope: Scope = { refer, variable: () => `v${variables++}` };
    return `(m)=>{${checks.map((check) => write(check, "m", scope)).join("")}return true}`;
  });
}

/** Combines checks into one that passes if all of them pass; undefined if there are none. */
export function allOf(checks: readonly Check[]): Check | undefined {
  const [first, second] = checks;
  if (first === undefined || second === undefined) return first;
  const together: Check = (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
  return withText(together, (value, scope) => checks.map((check) => write(check, value, scope)).join(""));
}

/** Checks that a value equals a constant. */
export function isEqual(rule: unknown): Check {
  return withExpression(
    (value) => value === rule,
    (value, refer) => `${value}===${isConstant(rule) ? literal(rule) : refer(rule)}`,
  );
}

function isConstant(value: unknown): value is string | number | bigint | boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}
