import { type Identifier, Node, type SourceFile, type Statement, SyntaxKind } from "ts-morph";

/** Finds the declaration that an identifier refers to, by the rules of lexical scope, in its own file. */
export function findDeclaration(identifier: Identifier): Node | undefined {
  const name = identifier.getText();
  for (const scope of identifier.getAncestors()) {
    const found = declaredIn(scope, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Finds a declaration at the top of a file. */
export function findTopLevel(file: SourceFile, name: string): Node | undefined {
  return declaredIn(file, name);
}

function declaredIn(scope: Node, name: string): Node | undefined {
  if (Node.isSourceFile(scope)) return inStatements(scope.getStatements(), name);
  if (Node.isBlock(scope) || Node.isModuleBlock(scope) || Node.isCaseClause(scope) || Node.isDefaultClause(scope)) {
    return inStatements(scope.getStatements(), name);
  }
  if (Node.isCaseBlock(scope)) {
    return inStatements(
      scope.getClauses().flatMap((clause) => clause.getStatements()),
      name,
    );
  }
  if (Node.isForStatement(scope) || Node.isForOfStatement(scope) || Node.isForInStatement(scope)) {
    const list = scope.getInitializer();
    return Node.isVariableDeclarationList(list) ? inPatterns(list.getDeclarations(), name) : undefined;
  }
  if (Node.isCatchClause(scope)) {
    const variable = scope.getVariableDeclaration();
    return variable && inPatterns([variable], name);
  }
  if (Node.isParametered(scope)) {
    const parameter = inPatterns(scope.getParameters(), name);
    if (parameter !== undefined) return parameter;
  }
  const isNamedExpression = Node.isFunctionExpression(scope) || Node.isClassExpression(scope);
  return isNamedExpression && scope.getName() === name ? scope : undefined;
}

function inStatements(statements: readonly Statement[], name: string): Node | undefined {
  for (const statement of statements) {
    if (Node.isVariableStatement(statement)) {
      const found = inPatterns(statement.getDeclarations(), name);
      if (found !== undefined) return found;
    } else if (Node.isImportDeclaration(statement)) {
      const { compilerNode } = statement;
      if (compilerNode.importClause === undefined) continue;
      const named = statement
        .getNamedImports()
        .find((one) => (one.getAliasNode() ?? one.getNameNode()).getText() === name);
      if (named !== undefined) return named;
      if (statement.getNamespaceImport()?.getText() === name) return statement.getNamespaceImport();
      if (statement.getDefaultImport()?.getText() === name) return statement.getDefaultImport();
    } else if (isNamedStatement(statement) && statement.getName() === name) return statement;
  }
  return undefined;
}

function isNamedStatement(statement: Statement): statement is Statement & { getName(): string | undefined } {
  return (
    Node.isFunctionDeclaration(statement) ||
    Node.isClassDeclaration(statement) ||
    Node.isEnumDeclaration(statement) ||
    Node.isModuleDeclaration(statement)
  );
}

/** Finds a name among variables and parameters. Of a pattern, it returns the element. */
function inPatterns(declarations: readonly (Node & { getNameNode(): Node })[], name: string): Node | undefined {
  for (const declaration of declarations) {
    const named = declaration.getNameNode();
    if (Node.isIdentifier(named)) {
      if (named.getText() === name) return declaration;
      continue;
    }
    const element = named
      .getDescendantsOfKind(SyntaxKind.BindingElement)
      .find((one) => one.getNameNode().getText() === name);
    if (element !== undefined) return element;
  }
  return undefined;
}
