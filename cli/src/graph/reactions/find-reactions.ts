import { ts } from "ts-morph";
import { type Imports, type NameInModule, readImports } from "./imports.js";

export type { NameInModule };

/** A reaction in users' code. */
export interface FoundReaction {
  readonly name: string;
  /** The events that it handles: `OrderPlaced`. */
  readonly events: readonly NameInModule[];
  /** The commands that its handlers send: `OrderService.placeOrder`. */
  readonly commands: readonly NameInModule[];
}

/**
 * Finds the reactions in a file: calls of `reaction` of `@potter/runtime` with an object literal. One whose name is no literal is
 * named after the file. What is not written there, such as a handler in another file, is not seen.
 */
export function findReactions(path: string, text: string): readonly FoundReaction[] {
  if (!text.includes("reaction")) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = readImports(file);
  const found: FoundReaction[] = [];
  const visit = (node: ts.Node): void => {
    const [options] = ts.isCallExpression(node) && isCallOf(node, "reaction", imports) ? node.arguments : [];
    if (options !== undefined && ts.isObjectLiteralExpression(options))
      found.push(readReaction(options, imports, path));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function readReaction(options: ts.ObjectLiteralExpression, imports: Imports, path: string): FoundReaction {
  const name = initializerOf(options, "name");
  const events: NameInModule[] = [];
  const commands: NameInModule[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const reference = first && imports.resolve(first);
      if (reference !== undefined && isCallOf(node, "handle", imports)) events.push(reference);
      const [service, methods, method] = reference?.name.split(".") ?? [];
      if (reference !== undefined && isSend(node) && methods === "methods" && method !== undefined) {
        commands.push({ module: reference.module, name: `${service}.${method}` });
      }
    }
    ts.forEachChild(node, visit);
  };
  const on = initializerOf(options, "on");
  if (on !== undefined) visit(on);
  return { name: name !== undefined && ts.isStringLiteralLike(name) ? name.text : path, events, commands };
}

function initializerOf(object: ts.ObjectLiteralExpression, key: string): ts.Expression | undefined {
  return object.properties.filter(ts.isPropertyAssignment).find(({ name }) => name.getText() === key)?.initializer;
}

/** Whether a function of the runtime is called, under whatever name it is imported. */
function isCallOf({ expression }: ts.CallExpression, name: string, imports: Imports): boolean {
  const reference = imports.resolve(expression);
  return reference?.name === name && reference.module === "@potter/runtime";
}

/** Whether a command is sent: `ctx.send(…)`, `send(…)`. */
function isSend({ expression }: ts.CallExpression): boolean {
  return (ts.isPropertyAccessExpression(expression) ? expression.name : expression).getText() === "send";
}
