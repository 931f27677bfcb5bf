import { type CallExpression, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { type DeclarationMethod, type DefinitionName, declarationMethods } from "../contract/index.js";
import { type Bindings, unwrap } from "./bindings.js";
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
}

/** A use of a definition that may declare its behaviour in a way that cannot be followed. */
export interface UnclearUse {
  /** The file. */
  readonly path: string;
  /** The definition. */
  readonly definition: DefinitionName;
  /** The use, for its place. */
  readonly node: Node;
}

/** What users' files say about the definitions of the contract. */
export interface Uses {
  /** Declarations, by file and place. */
  readonly declarations: readonly Declaration[];
  /** Uses that cannot be followed. */
  readonly unclear: readonly UnclearUse[];
  /** Definitions and methods (`OrderService`, `OrderService.placeOrder`) that an app lists as `unimplemented`. */
  readonly unimplemented: readonly { readonly definition: DefinitionName; readonly method: string | undefined }[];
  /** The files that were parsed, since they may concern the contract. */
  readonly parsed: readonly string[];
  /** Files that import generated modules, with the specifiers, in their order. */
  readonly importers: ReadonlyMap<string, readonly string[]>;
}

/** Finds what users' files say about the definitions of the contract, by module. */
export function findUses(
  sources: UserSources,
  bindings: Bindings,
  modules: ReadonlyMap<string, ReadonlySet<string>>,
): Uses {
  const isOfContract = ({ module, name }: DefinitionName): boolean => modules.get(module)?.has(name) === true;
  const mayConcern = mentions(modules);
  const declarations: Declaration[] = [];
  const unclear: UnclearUse[] = [];
  const unimplemented: { definition: DefinitionName; method: string | undefined }[] = [];
  const parsed: string[] = [];
  const importers = new Map<string, readonly string[]>();
  for (const [path, text] of sources.texts) {
    if (!mayConcern.test(text)) continue;
    const file = sources.file(path);
    if (file === undefined) continue;
    parsed.push(path);
    const specifiers = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((statement) => {
      const specifier = statement.getModuleSpecifierValue();
      return specifier !== undefined && bindings.isGenerated(file, specifier) ? [specifier] : [];
    });
    if (specifiers.length > 0) importers.set(path, specifiers);
    const called = new Set<Node>();
    for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const found = readCall(path, call, bindings);
      if (found === undefined) continue;
      called.add(call.getExpression());
      if (!expectsError(call)) declarations.push(found);
    }
    const names = namesOfDefinitions(file, modules);
    for (const identifier of file.getDescendantsOfKind(SyntaxKind.Identifier)) {
      if (!names.has(identifier.compilerNode.text)) continue;
      const expression = qualified(identifier);
      if (!isValueUse(identifier, expression)) continue;
      const definition = bindings.definition(expression);
      if (definition === undefined || !isOfContract(definition)) continue;
      const listed = unimplementedMethod(expression);
      if (listed !== undefined) unimplemented.push({ definition, method: listed.method });
      else if (mayDeclare(expression, called)) unclear.push({ path, definition, node: expression });
    }
  }
  return { declarations, unclear, unimplemented, parsed, importers };
}

/** Matches the text of files that may use a generated module: others need not be parsed. */
function mentions(modules: ReadonlyMap<string, ReadonlySet<string>>): RegExp {
  const names = new Set(
    [...modules].flatMap(([module, names]) => [module.slice(module.lastIndexOf("/") + 1), ...names]),
  );
  const escaped = [...names].map((name) => name.replaceAll(/[^\w]/g, "\\$&"));
  return new RegExp(`_(?:cqrs|saga)\\b|\\b(?:${escaped.join("|")})\\b`);
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

function readCall(path: string, call: CallExpression, bindings: Bindings): Declaration | undefined {
  const callee = unwrap(call.getExpression());
  const method = memberName(callee);
  if (method === undefined || !isDeclarationMethod(method)) return undefined;
  const receiver = (callee as Node & { getExpression(): Node }).getExpression();
  const definition = bindings.definition(receiver);
  if (definition === undefined) return undefined;
  return { path, definition, method, node: receiver, behaviour: call.getArguments()[0] };
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

function isDeclarationMethod(name: string): name is DeclarationMethod {
  return (declarationMethods as readonly string[]).includes(name);
}

/** `orders.Order` for the identifier `Order` of it, where `orders` may be a namespace; otherwise the identifier. */
function qualified(identifier: Node): Node {
  const parent = identifier.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier ? parent : identifier;
}

/** Whether an identifier is an expression, not a name that is declared, imported, exported or part of a type. */
function isValueUse(identifier: Node, expression: Node): boolean {
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

/** The node with what has no effect at run time around it. */
function outermost(node: Node): Node {
  let outer = node;
  for (let parent = outer.getParent(); parent !== undefined && unwrap(parent) === node; parent = outer.getParent()) {
    outer = parent;
  }
  return outer;
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
