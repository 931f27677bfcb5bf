import { type SourceFile, SyntaxKind } from "ts-morph";

/** How a file is written. undefined: it does not show. */
export interface Style {
  /** One level of indentation: a tab, or spaces. */
  readonly unit: string | undefined;
  /** Whether strings have single quotes. */
  readonly singleQuote: boolean | undefined;
  /** Whether statements end with semicolons. */
  readonly semicolons: boolean | undefined;
  /** The line ending. */
  readonly eol: string | undefined;
}

const statements = [
  SyntaxKind.ImportDeclaration,
  SyntaxKind.VariableStatement,
  SyntaxKind.ExpressionStatement,
  SyntaxKind.ReturnStatement,
  SyntaxKind.ThrowStatement,
];

/** Reads the style of a file from its text. */
export function detectStyle(file: SourceFile): Style {
  const strings = file.getDescendantsOfKind(SyntaxKind.StringLiteral);
  const ended = statements.flatMap((kind) => file.getDescendantsOfKind(kind));
  const text = file.getFullText();
  return {
    unit: detectUnit(text),
    singleQuote: majority(strings.map((one) => one.getText().startsWith("'"))),
    semicolons: majority(ended.map((one) => one.getText().endsWith(";"))),
    eol: /\r\n|\n|\r/.exec(text)?.[0],
  };
}

function majority(votes: readonly boolean[]): boolean | undefined {
  return votes.length === 0 ? undefined : votes.filter(Boolean).length * 2 > votes.length;
}

/** The most frequent difference between a line that opens a bracket and the next one. */
function detectUnit(text: string): string | undefined {
  const counts = new Map<string, number>();
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    if (before === undefined || !/[{([]\s*$/.test(before)) continue;
    const outer = /^[ \t]*/.exec(before)?.[0] ?? "";
    const inner = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (inner.length <= outer.length || !inner.startsWith(outer)) continue;
    const unit = inner.slice(outer.length);
    if (/^(?:\t| {1,8})$/.test(unit)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
