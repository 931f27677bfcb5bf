import { ts } from "ts-morph";

/** A name that a module exports, with what is accessed of it: `OrderService.methods.placeOrder`. */
export interface NameInModule {
  /** As it is imported: `../gen/shop/orders/v1/orders_cqrs.js`. */
  readonly module: string;
  readonly name: string;
}

/** The imports of a file. */
export interface Imports {
  /** What an expression stands for: an imported name, or a property of one. undefined: something else. */
  readonly resolve: (expression: ts.Expression) => NameInModule | undefined;
}

/** Reads the imports of a file. */
export function readImports(file: ts.SourceFile): Imports {
  const names = new Map<string, NameInModule>();
  const namespaces = new Map<string, string>();
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    if (!ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const module = statement.moduleSpecifier.text;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) namespaces.set(bindings.name.text, module);
    else {
      for (const { name, propertyName } of bindings.elements) {
        names.set(name.text, { module, name: (propertyName ?? name).text });
      }
    }
  }
  const resolve = (expression: ts.Expression): NameInModule | undefined => {
    if (ts.isIdentifier(expression)) return names.get(expression.text);
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const { expression: receiver, name } = expression;
    const module = ts.isIdentifier(receiver) ? namespaces.get(receiver.text) : undefined;
    if (module !== undefined) return { module, name: name.text };
    const of = resolve(receiver);
    return of && { module: of.module, name: `${of.name}.${name.text}` };
  };
  return { resolve };
}
