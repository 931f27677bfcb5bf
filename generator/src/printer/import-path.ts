/** The extension in import specifiers of generated files. */
export type ImportExtension = "js" | "none" | "ts";

/** Returns the specifier by which one generated file imports another. Both are paths below the same `out`, without extension. */
export function toSpecifier(importer: string, imported: string, extension: ImportExtension): string {
  const from = importer.split("/").slice(0, -1);
  const to = imported.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => "..");
  const path = [...(up.length === 0 ? ["."] : up), ...to.slice(shared)].join("/");
  return extension === "none" ? path : `${path}.${extension}`;
}
