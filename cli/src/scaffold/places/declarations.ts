import { type CallExpression, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { type DeclarationMethod, type DefinitionName, declarationMethods } from "../contract/index.js";
import { type Bindings, outermost, unwrap } from "./bindings.js";
import type { UserSources } from "./user-sources.js";

/** A call in a user's file that declares the behaviour of a part: `Order.decider({…})`. */
export interface Declaration {
  /** The file. */
  readonly path: string;
  /** The definition and the method that is called. */
  readonly definition: DefinitionName;
  readonly method: DeclarationMethod;
  /** The receiver, for its place. */
  readonly node: Node;
  /** The argument. undefined: there is none. */
  readonly behaviour: Node | undefined;
  /** The constant of the file that holds the part. undefined: it is used where it stands, or in a way that cannot be followed. */
  readonly constant: Node | undefined;
}

/** Finds what files declare, in their order. */
export function findDeclarations(
  sources: UserSources,
  bindings: Bindings,
  paths: readonly string[],
): readonly Declaration[] {
  return paths.flatMap((path) =>
    callsIn(sources.file(path)).flatMap((call) => {
      const found = readCall(path, call, bindings);
      return found === undefined || expectsError(call) ? [] : [found];
    }),
  );
}

/** The calls of a file that may declare behaviour, whatever of. */
export function callsIn(file: SourceFile | undefined): readonly CallExpression[] {
  const calls = file?.getDescendantsOfKind(SyntaxKind.CallExpression) ?? [];
  return calls.filter((call) => isDeclarationMethod(memberName(unwrap(call.getExpression()))));
}

function readCall(path: string, call: CallExpression, bindings: Bindings): Declaration | undefined {
  const callee = unwrap(call.getExpression());
  const method = memberName(callee);
  if (!isDeclarationMethod(method)) return undefined;
  const receiver = (callee as Node & { getExpression(): Node }).getExpression();
  const definition = bindings.definition(receiver);
  if (definition === undefined) return undefined;
  return { path, definition, method, node: receiver, behaviour: call.getArguments()[0], constant: constantOf(call) };
}

/** The name of the constant at the top of a file whose value is a call. */
function constantOf(call: CallExpression): Node | undefined {
  const variable = outermost(call).getParent();
  if (!Node.isVariableDeclaration(variable)) return undefined;
  const isTop = Node.isSourceFile(variable.getVariableStatement()?.getParent());
  const name = variable.getNameNode();
  return isTop && Node.isIdentifier(name) ? name : undefined;
}

/** Whether the compiler ignores errors of this line: what is missing there is missing on purpose. */
function expectsError(call: CallExpression): boolean {
  const lines = call
    .getSourceFile()
    .getFullText()
    .slice(0, call.getStart())
    .split(/\r\n|\n|\r/)
    .slice(0, -1);
  const isComment = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*|$)/.test(line);
  for (let line = lines.pop(); line !== undefined && isComment(line); line = lines.pop()) {
    if (/@ts-(?:expect-error|ignore)\b/.test(line)) return true;
  }
  return false;
}

function memberName(node: Node): string | undefined {
  if (Node.isPropertyAccessExpression(node)) return node.getName();
  if (!Node.isElementAccessExpression(node)) return undefined;
  const argument = node.getArgumentExpression();
  return Node.isStringLiteral(argument) ? argument.getLiteralText() : undefined;
}

/** Whether a name is that of a method that declares behaviour. */
export function isDeclarationMethod(name: string | undefined): name is DeclarationMethod {
  return (declarationMethods as readonly string[]).includes(name ?? "");
}
