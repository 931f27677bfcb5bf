import {
  type ExportDeclaration,
  type Expression,
  type Identifier,
  Node,
  type SourceFile,
  VariableDeclarationKind,
} from "ts-morph";
import type { DefinitionName } from "../contract/index.js";
import { membersOf } from "./members.js";
import { type GeneratedLayout, type ImportTarget, resolveImport } from "./module-paths.js";
import { findDeclaration, findTopLevel } from "./scope.js";
import type { Seen } from "./seen.js";
import type { UserSources } from "./user-sources.js";

/** How many imports and re-exports are followed, so that a circle of them ends. */
const maxHops = 4;

/** Follows identifiers to what they stand for: definitions of the contract, and object literals. Uses no types. */
export class Bindings {
  private readonly sources: UserSources;
  private readonly layout: GeneratedLayout;

  constructor(sources: UserSources, layout: GeneratedLayout) {
    this.sources = sources;
    this.layout = layout;
  }

  /** Returns the definition of the contract that an expression stands for: `Order`, `orders.Order`. undefined: none. */
  definition(expression: Node, hops: number = maxHops): DefinitionName | undefined {
    const node = unwrap(expression);
    if (Node.isPropertyAccessExpression(node)) {
      const receiver = unwrap(node.getExpression());
      if (!Node.isIdentifier(receiver)) return undefined;
      const declared = findDeclaration(receiver);
      const statement = declared?.getFirstAncestor(Node.isImportDeclaration);
      if (statement === undefined || statement.getNamespaceImport() !== declared) return undefined;
      const target = this.targetOf(statement.getSourceFile(), statement.getModuleSpecifierValue());
      return this.exportedDefinition(target, node.getName(), hops);
    }
    if (!Node.isIdentifier(node)) return undefined;
    const declared = findDeclaration(node);
    if (Node.isImportSpecifier(declared)) {
      const statement = declared.getImportDeclaration();
      const target = this.targetOf(statement.getSourceFile(), statement.getModuleSpecifierValue());
      return this.exportedDefinition(target, declared.getName(), hops);
    }
    const value = constantOf(declared);
    return value && hops > 0 ? this.definition(value, hops - 1) : undefined;
  }

  /** Returns the object literal that an expression stands for, if it can be seen. */
  object(expression: Node, hops: number = maxHops): Seen {
    const node = unwrap(expression);
    if (Node.isObjectLiteralExpression(node)) return { kind: "literal", node };
    const value = hops > 0 ? this.valueOf(node, hops) : undefined;
    return value === undefined ? { kind: "opaque", node } : this.object(value, hops - 1);
  }

  private valueOf(node: Node, hops: number): Node | undefined {
    if (Node.isIdentifier(node)) return this.valueOfIdentifier(node, hops);
    if (!Node.isPropertyAccessExpression(node)) return undefined;
    const receiver = this.object(node.getExpression(), hops - 1);
    if (receiver.kind === "opaque") return undefined;
    const { entries, unknown } = membersOf(receiver.node, (one) => this.object(one, hops - 1));
    return unknown.length === 0 ? entries.get(node.getName())?.value : undefined;
  }

  private valueOfIdentifier(node: Identifier, hops: number): Node | undefined {
    const declared = findDeclaration(node);
    if (Node.isImportSpecifier(declared)) {
      const statement = declared.getImportDeclaration();
      return this.exported(
        this.targetOf(statement.getSourceFile(), statement.getModuleSpecifierValue()),
        declared.getName(),
        hops,
      );
    }
    const statement = declared?.getFirstAncestor(Node.isImportDeclaration);
    if (statement !== undefined && statement.getDefaultImport() === declared) {
      return this.exported(
        this.targetOf(statement.getSourceFile(), statement.getModuleSpecifierValue()),
        "default",
        hops,
      );
    }
    return constantOf(declared);
  }

  /** Returns the value of a constant that a user's file exports. */
  private exported(target: ImportTarget | undefined, name: string, hops: number): Node | undefined {
    if (target?.kind !== "user" || hops <= 0) return undefined;
    const file = this.sources.file(target.path);
    if (file === undefined) return undefined;
    for (const statement of file.getStatements()) {
      if (name === "default" && Node.isExportAssignment(statement) && !statement.isExportEquals()) {
        return statement.getExpression();
      }
      if (Node.isVariableStatement(statement) && statement.isExported()) {
        const found = statement.getDeclarations().find((one) => one.getName() === name);
        if (found !== undefined) return constantOf(found);
      }
      if (!Node.isExportDeclaration(statement)) continue;
      const inner = exportedAs(statement, name);
      if (inner === undefined) continue;
      const specifier = statement.getModuleSpecifierValue();
      const value =
        specifier === undefined
          ? constantOf(findTopLevel(file, inner))
          : this.exported(this.targetOf(file, specifier), inner, hops - 1);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Follows re-exports of users' files to a definition of the contract. */
  private exportedDefinition(target: ImportTarget | undefined, name: string, hops: number): DefinitionName | undefined {
    if (target === undefined || hops <= 0) return undefined;
    if (target.kind === "generated") return { module: target.module, name };
    const file = this.sources.file(target.path);
    for (const statement of file?.getStatements() ?? []) {
      if (file === undefined || !Node.isExportDeclaration(statement)) continue;
      const inner = exportedAs(statement, name);
      if (inner === undefined) continue;
      const specifier = statement.getModuleSpecifierValue();
      const found =
        specifier === undefined
          ? this.importedDefinition(findTopLevel(file, inner), hops - 1)
          : this.reexported(this.targetOf(file, specifier), inner, statement, hops - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private importedDefinition(declared: Node | undefined, hops: number): DefinitionName | undefined {
    if (Node.isImportSpecifier(declared)) {
      const statement = declared.getImportDeclaration();
      const target = this.targetOf(statement.getSourceFile(), statement.getModuleSpecifierValue());
      return this.exportedDefinition(target, declared.getName(), hops);
    }
    return undefined;
  }

  /** `export *` of a generated module re-exports only what the module has. */
  private reexported(
    target: ImportTarget | undefined,
    name: string,
    statement: ExportDeclaration,
    hops: number,
  ): DefinitionName | undefined {
    const isStar = target?.kind === "generated" && !statement.hasNamedExports();
    if (isStar && this.layout.modules.get(target.module)?.has(name) !== true) return undefined;
    return this.exportedDefinition(target, name, hops);
  }

  private targetOf(file: SourceFile, specifier: string): ImportTarget | undefined {
    return resolveImport(this.sources.pathOf(file), specifier, this.layout, (path) => this.sources.has(path));
  }
}

/** Removes what has no effect at run time: parentheses, `as`, `satisfies`, `!`. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (
    Node.isParenthesizedExpression(inner) ||
    Node.isAsExpression(inner) ||
    Node.isSatisfiesExpression(inner) ||
    Node.isTypeAssertion(inner) ||
    Node.isNonNullExpression(inner)
  ) {
    inner = inner.getExpression();
  }
  return inner;
}

/** The node with what has no effect at run time around it. */
export function outermost(node: Node): Node {
  let outer = node;
  for (let parent = outer.getParent(); parent !== undefined && unwrap(parent) === node; parent = outer.getParent()) {
    outer = parent;
  }
  return outer;
}

/** Returns the value of a `const`. undefined: it is none, or a part of a pattern. */
function constantOf(declared: Node | undefined): Expression | undefined {
  if (!Node.isVariableDeclaration(declared) || !Node.isIdentifier(declared.getNameNode())) return undefined;
  const isConstant = declared.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const;
  return isConstant ? declared.getInitializer() : undefined;
}

/** Returns the name behind an exported name. undefined: the statement does not export it. */
function exportedAs(statement: ExportDeclaration, name: string): string | undefined {
  if (statement.isTypeOnly() || statement.getNamespaceExport() !== undefined) return undefined;
  if (!statement.hasNamedExports()) return name === "default" || !statement.hasModuleSpecifier() ? undefined : name;
  const found = statement
    .getNamedExports()
    .find((one) => !one.isTypeOnly() && (one.getAliasNode() ?? one.getNameNode()).getText() === name);
  return found?.getNameNode().getText();
}
