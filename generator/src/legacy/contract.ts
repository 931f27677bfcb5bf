import type { DescFile } from "@bufbuild/protobuf";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { fileOf, readSource } from "../descriptors/index.js";
import { Diagnostics } from "../diagnostics/index.js";
import { type ContractDifference, findDifferences } from "./difference.js";
import { printFields } from "./print-option.js";
import { replaceLegacyOptions } from "./replace.js";
import { findReplacements, type Replacement } from "./replacement.js";
import { printInstead } from "./report.js";
import { definesLegacy, legacyOptions } from "./uses.js";

/** The options of Go Potter in a contract, for a program that rewrites its files. */
export interface LegacyContract {
  /** The files to generate that have such options, or import their definition. */
  readonly files: readonly LegacyFile[];
  /** Returns the files that another contract describes differently, but for these options. */
  differencesTo(other: CodeGeneratorRequest): readonly ContractDifference[];
}

/** A file with options of Go Potter. */
export interface LegacyFile {
  /** Its import path. */
  readonly name: string;
  /** The import path of the definition of these options, if it imports that. */
  readonly definition: string | undefined;
  /** Its options of Go Potter. */
  readonly options: readonly LegacyOption[];
}

/** An option of Go Potter on an element, with what replaces it. All texts are parts of proto files. */
export interface LegacyOption {
  /** Its full name: `potter.command`. */
  readonly name: string;
  /** The full name of the element. */
  readonly element: string;
  /** The option that takes its place: `potter.v1.command`. undefined: none does, or the element already has it. */
  readonly replacement: string | undefined;
  /** The fields that the replacement has too. */
  readonly kept: readonly {
    /** Its name in Go Potter. */
    readonly field: string;
    /** Its name in the replacement. */
    readonly to: string;
    /** Its value; undefined: it is written as before. */
    readonly value: string | undefined;
  }[];
  /** Further fields of the replacement: `creates: true`. */
  readonly implied: readonly string[];
  /** Further statements of the element. */
  readonly further: readonly string[];
  /** Options of the file: their full names, and their fields. */
  readonly ofFile: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** The import paths of the options that are added. */
  readonly imports: readonly string[];
  /** Why a program must not replace it, as a clause; undefined: it may. */
  readonly obstacle: string | undefined;
  /** What has no counterpart, with what to do instead: a field, or all of it. */
  readonly lost: readonly { readonly field: string | undefined; readonly why: string }[];
  /** The statements to write instead. */
  readonly instead: readonly string[];
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
      options: replacements.filter(({ translation }) => fileOf(translation.use.desc) === file).map(toOption),
    }));
  const plain = replaceLegacyOptions(source, new Diagnostics());
  return {
    files: files.filter(({ definition, options }) => definition !== undefined || options.length > 0),
    differencesTo: (other) => findDifferences(plain, replaceLegacyOptions(readSource(other), new Diagnostics())),
  };
}

function findDefinition({ dependencies }: DescFile): string | undefined {
  const definition = dependencies.find(definesLegacy);
  return definition && `${definition.name}.proto`;
}

function toOption(one: Replacement): LegacyOption {
  const { translation, targets } = one;
  const { use, replacement: extension, kept, implied, lost, why } = translation;
  const added = targets.filter(({ exists }) => !exists);
  const own = added.find((target) => target.extension === extension);
  const others = added.filter((target) => target !== own && target.desc.kind !== "file");
  return {
    name: legacyOptions[use.option].name,
    element: use.desc.kind === "rpc" ? `${use.desc.parent.typeName}.${use.desc.name}` : use.desc.typeName,
    replacement: own?.extension.typeName,
    kept: kept.map(({ field, to, value, isSame }) => {
      const [text = ""] = extension === undefined || isSame ? [] : printFields(extension, { [to]: value });
      return { field, to, value: isSame ? undefined : text.slice(`${to}: `.length) };
    }),
    implied: extension === undefined ? [] : printFields(extension, implied),
    further: printInstead({ translation, targets: others }),
    ofFile: added
      .filter(({ desc }) => desc.kind === "file")
      .map((target) => ({ name: target.extension.typeName, fields: printFields(target.extension, target.fields) })),
    imports: [...new Set(added.map((target) => `${target.extension.file.name}.proto`))],
    obstacle: findObstacle(one),
    lost: targets.length === 0 && lost.length === 0 ? [{ field: undefined, why }] : lost,
    instead: printInstead(one),
  };
}

function findObstacle({ targets }: Replacement): string | undefined {
  const conflict = targets.find(({ contradictions }) => contradictions.length > 0);
  if (conflict !== undefined) return `it contradicts (${conflict.extension.typeName}) of the same element`;
  const partial = targets.find(({ exists, missing }) => exists && Object.keys(missing).length > 0);
  return partial && `the element also has (${partial.extension.typeName}), which lacks a part of it`;
}
