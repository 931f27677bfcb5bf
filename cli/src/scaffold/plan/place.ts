import type { Node } from "ts-morph";
import type { UserSources } from "../places/index.js";
import type { Place } from "./gap.js";

/** Returns the place of a node. */
export function placeOf(sources: UserSources, node: Node): Place {
  const file = node.getSourceFile();
  const { line, column } = file.getLineAndColumnAtPos(node.getStart());
  return { path: sources.pathOf(file), line, column };
}

/** Returns the line and column of an offset in a text, both from 1. */
export function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const start = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return { line: before.split(/\r\n|\n|\r/).length, column: at - start + 1 };
}
