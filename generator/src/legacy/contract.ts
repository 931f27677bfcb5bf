import type { DescFile } from "@bufbuild/protobuf";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { fileOf, readSource } from "../descriptors/index.js";
import { Diagnostics } from "../diagnostics/index.js";
import { type Difference, findDifferences } from "./difference.js";
import { replaceLegacyOptions } from "./replace.js";
import { findReplacements, type Replacement } from "./replacement.js";
import { definesLegacy } from "./uses.js";

/** The options of Go Potter in a contract, for a program that rewrites its files. */
export interface LegacyContract {
  /** The files to generate, but for one that defines these options. */
  readonly files: readonly LegacyFile[];
  /** Returns the files that another contract describes differently, but for these options. */
  differencesTo(other: CodeGeneratorRequest): readonly Difference[];
}

/** The options of Go Potter in a file. */
export interface LegacyFile {
  /** Its import path. */
  readonly name: string;
  /** The import path of the definition of these options, if it imports that. */
  readonly definition: string | undefined;
  readonly replacements: readonly Replacement[];
}

/** Finds the options of Go Potter in a contract, with what replaces them. */
export function findLegacyOptions(request: CodeGeneratorRequest): LegacyContract {
  const source = readSource(request);
  const replacements = findReplacements(source);
  const files = source.files
    .filter((file) => !definesLegacy(file))
    .map((file) => ({
      name: `${file.name}.proto`,
      definition: findDefinition(file),
      replacements: replacements.filter(({ translation }) => fileOf(translation.use.desc) === file),
    }));
  const plain = replaceLegacyOptions(source, new Diagnostics());
  return {
    files: files.filter(({ definition, replacements: own }) => definition !== undefined || own.length > 0),
    differencesTo: (other) => findDifferences(plain, replaceLegacyOptions(readSource(other), new Diagnostics())),
  };
}

function findDefinition({ dependencies }: DescFile): string | undefined {
  const definition = dependencies.find(definesLegacy);
  return definition && `${definition.name}.proto`;
}
