import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "@potter/generator/tooling";
import { findTextPath } from "@potter/generator/tooling";

/** Where proto files are, so that a terminal or an editor can open the place of a diagnostic. */
export interface Places {
  /** The path of a proto file from the folder, or its import path if it is in another module. */
  readonly pathOf: (file: string) => string;
  readonly textOf: (path: string) => string | undefined;
}

/** Creates the places of a project. */
export function createPlaces(folder: string): Places {
  return {
    pathOf: (file) => findTextPath(file, folder) ?? file,
    textOf: (path) => {
      const file = join(folder, path);
      return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    },
  };
}

/** Diagnostics with the paths of their files in place of import paths. */
export function locate(diagnostics: readonly Diagnostic[], { pathOf }: Places): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const location = { ...diagnostic.location, file: pathOf(diagnostic.location.file) };
    return { ...diagnostic, location };
  });
}
