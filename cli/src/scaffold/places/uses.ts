import { Node, type SourceFile, SyntaxKind } from "ts-morph";
import type { DefinitionName } from "../contract/index.js";
import { type Bindings, outermost, unwrap } from "./bindings.js";
import { callsIn, isDeclarationMethod } from "./declarations.js";
import type { UserSources } from "./user-sources.js";

/** A use of a definition that may declare its behaviour in a way that cannot be followed. */
export interface UnclearUse {
  /** The file. */
  readonly path: string;
  /** The definition. */
  readonly definition: DefinitionName;
  /** The use, for its place. */
  readonly node: Node;
}

/** A definition or a method (`OrderService`, `OrderService.placeOrder`) that an app lists as `unimplemented`. */
export interface LeftOut {
  readonly definition: DefinitionName;
  readonly method: string | undefined;
}

/** Uses of definitions other than calls that declare behaviour. */
export interface Uses {
  readonly unclear: readonly UnclearUse[];
  readonly leftOut: readonly LeftOut[];
}

/** Finds how files use definitions of the contract, by module. */
export function findUses(
  sources: UserSources,
  bindings: Bindings,
  modules: ReadonlyMap<string, ReadonlySet<string>>,
  paths: Iterable<string>,
): Uses {
  const isOfContract = ({ module, name }: DefinitionName): boolean => modules.get(module)?.has(name) === true;
  const unclear: UnclearUse[] = [];
  const leftOut: LeftOut[] = [];
  for (const path of paths) {
    const file = sources.file(path);
    if (file === undefined) continue;
    const called = new Set<Node>(
      callsIn(file)
        .map((call) => call.getExpression())
        .filter((callee) => bindings.definition(receiverOf(callee)) !== undefined),
    );
    const names = namesOfDefinitions(file, modules);
    for (const identifier of file.getDescendantsOfKind(SyntaxKind.Identifier)) {
      if (!names.has(identifier.compilerNode.text)) continue;
      const expression = qualified(identifier);
      if (!isValueUse(identifier, expression)) continue;
      const definition = bindings.definition(expression);
      if (definition === undefined || !isOfContract(definition)) continue;
      const listed = unimplementedMethod(expression);
      if (listed !== undefined) leftOut.push({ definition, method: listed.method });
      else if (mayDeclare(expression, called)) unclear.push({ path, definition, node: expression });
    }
  }
  return { unclear, leftOut };
}

function receiverOf(callee: Node): Node {
  return (unwrap(callee) as Node & { getExpression(): Node }).getExpression();
}

/** The names by which a file may call definitions: only identifiers of these names are followed. */
function namesOfDefinitions(file: SourceFile, modules: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const names = new Set([...modules.values()].flatMap((exported) => [...exported]));
  for (const statement of file.getImportDeclarations()) {
    for (const one of statement.getNamedImports()) names.add((one.getAliasNode() ?? one.getNameNode()).getText());
  }
  for (const variable of file.getDescendantsOfKind(SyntaxKind.VariableDeclaration)) {
    if (Node.isIdentifier(variable.getInitializer())) names.add(variable.getName());
  }
  return names;
}

/** `orders.Order` for the identifier `Order` of it, where `orders` may be a namespace; otherwise the identifier. */
export function qualified(identifier: Node): Node {
  const parent = identifier.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier ? parent : identifier;
}

/** Whether an identifier is an expression, not a name that is declared, imported, exported or part of a type. */
export function isValueUse(identifier: Node, expression: Node): boolean {
  const parent = expression.getParent();
  if (parent === undefined || (expression !== identifier && !Node.isPropertyAccessExpression(expression))) return false;
  if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent) || Node.isImportClause(parent)) return false;
  if (Node.isNamespaceImport(parent) || Node.isTypeNode(parent) || Node.isQualifiedName(parent)) return false;
  if (Node.isPropertyAssignment(parent)) return parent.getInitializer() === expression;
  if (Node.isVariableDeclaration(parent)) return parent.getInitializer() === expression;
  return !Node.isPropertyNamed(parent) || Node.isShorthandPropertyAssignment(parent);
}

/** Whether this use of a definition could declare its behaviour unseen: then no second declaration may be written. */
function mayDeclare(expression: Node, called: ReadonlySet<Node>): boolean {
  const outer = outermost(expression);
  const parent = outer.getParent();
  if (parent === undefined) return false;
  if (Node.isPropertyAccessExpression(parent) && parent.getExpression() === outer) {
    return isDeclarationMethod(parent.getName()) && !called.has(parent);
  }
  if (Node.isElementAccessExpression(parent) && parent.getExpression() === outer) return !called.has(parent);
  // const { decider } = Order, const declare = { Order }, declare(Order, {…}), new Part(Order).
  if (Node.isVariableDeclaration(parent)) return !Node.isIdentifier(parent.getNameNode());
  if (Node.isNewExpression(parent)) return true;
  if (!Node.isCallExpression(parent) || parent.getExpression() === outer) return false;
  return parent.getArguments().some((one) => Node.isObjectLiteralExpression(unwrap(one)));
}

/** Reads an element of `unimplemented: […]`. undefined: the expression is not in such a list. */
function unimplementedMethod(expression: Node): { readonly method: string | undefined } | undefined {
  const methods = expression.getParent();
  const method = methods?.getParent();
  const isMethod =
    Node.isPropertyAccessExpression(methods) &&
    methods.getName() === "methods" &&
    Node.isPropertyAccessExpression(method);
  const element = isMethod ? method : expression;
  const list = element.getParent();
  const property = Node.isArrayLiteralExpression(list) ? list.getParent() : undefined;
  if (!Node.isPropertyAssignment(property) || property.getName() !== "unimplemented") return undefined;
  return { method: isMethod ? method.getName() : undefined };
}

/** Whether a constant of a file is used as a value in it. */
export function isUsedHere(file: SourceFile, constant: Node): boolean {
  const name = constant.getText();
  const rest = file.getFullText().split(new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`));
  if (rest.length <= 2) return false;
  return file
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .some(
      (one) => one !== constant && one.compilerNode.text === name && qualified(one) === one && isValueUse(one, one),
    );
}

/** The names by which a file exports one of its constants. */
export function exportedNamesOf(file: SourceFile, constant: Node): readonly string[] {
  const name = constant.getText();
  const isExported = constant.getFirstAncestor(Node.isVariableStatement)?.isExported() === true;
  const listed = file
    .getExportDeclarations()
    .filter((statement) => !statement.hasModuleSpecifier())
    .flatMap((statement) => statement.getNamedExports())
    .filter((one) => one.getNameNode().getText() === name)
    .map((one) => (one.getAliasNode() ?? one.getNameNode()).getText());
  return [...(isExported ? [name] : []), ...listed];
}
