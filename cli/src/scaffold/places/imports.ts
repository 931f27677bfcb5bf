/** An import or re-export of a file, as its text has it. */
export interface TextImport {
  readonly specifier: string;
  /** Whether it is an `export … from`. */
  readonly isExport: boolean;
  /** The names that are imported, with what they are called here. `"*"`: all of them. */
  readonly names: "*" | readonly (readonly [name: string, local: string])[];
}

const names = String.raw`(?:[\w$]+\s*,?\s*)?(?:\{[^{}]*\}|\*(?:\s+as\s+[\w$]+)?)?`;
const statement = new RegExp(
  String.raw`\b(import|export)\b\s*(?:type\b\s*)?(${names})\s*\bfrom\s*["']([^"'\n]+)["']`,
  "g",
);
const call = /\b(?:import|require)\s*(?:\(\s*)?["'`]([^"'`\n]+)["'`]/g;

/** Reads the imports of a file from its text. Comments are read too: what is found there is no harm to anyone. */
export function readImports(text: string): readonly TextImport[] {
  const found = Array.from(text.matchAll(statement), ([, keyword, clause = "", specifier = ""]): TextImport => {
    const isExport = keyword === "export";
    return { specifier, isExport, names: readClause(clause, isExport) };
  });
  const calls = Array.from(text.matchAll(call), ([, specifier = ""]): TextImport => {
    return { specifier, isExport: false, names: "*" };
  });
  return [...found, ...calls];
}

function readClause(clause: string, isExport: boolean): TextImport["names"] {
  if (clause.includes("*")) return "*";
  const [before = "", list] = clause.split("{");
  const local = /[\w$]+/.exec(before)?.[0];
  const named = (list ?? "").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|\}/g, "").split(",");
  return [
    ...(local === undefined || isExport ? [] : [["default", local] as const]),
    ...named.flatMap((one): (readonly [string, string])[] => {
      const [name, as] = one
        .trim()
        .replace(/^type\s+(?!as\b)/, "")
        .split(/\s+as\s+/);
      return name === undefined || name === "" ? [] : [[name, as ?? name]];
    }),
  ];
}
