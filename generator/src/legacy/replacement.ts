import { type AnyDesc, type DescExtension, getOption, hasOption } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { fileOf, type Source } from "../descriptors/index.js";
import { GoNames } from "./go-names.js";
import { type OptionFields, printFields, printMessage } from "./print-option.js";
import { translate } from "./translate.js";
import type { Translation } from "./translation.js";
import { findLegacyUses } from "./uses.js";

/** An option of potter.v1 that says what an option of Go Potter says. */
export interface Target {
  /** The element that has the option, or the file. */
  readonly desc: AnyDesc;
  readonly extension: DescExtension;
  /** What it contains. */
  readonly fields: OptionFields;
  /** Whether the element already has the option. */
  readonly exists: boolean;
  /** What it lacks as yet: all of its fields, unless it exists. */
  readonly missing: OptionFields;
  /** The fields that have another value in the existing option, which takes precedence. */
  readonly contradictions: readonly string[];
}

/** An option of Go Potter with what replaces it. */
export interface Replacement {
  readonly translation: Translation;
  readonly targets: readonly Target[];
}

/** Finds all options of Go Potter in a contract with what replaces them. */
export function findReplacements(source: Source): readonly Replacement[] {
  const uses = findLegacyUses(source);
  const names = new GoNames(source, uses);
  const known = new KnownFields();
  return uses.map((use) => {
    const translation = translate(use, names);
    return { translation, targets: listTargets(translation, known) };
  });
}

function listTargets(translation: Translation, known: KnownFields): readonly Target[] {
  const { use, replacement, kept, moved, implied } = translation;
  const targets: Target[] = [];
  if (replacement !== undefined) {
    const said = Object.fromEntries(kept.map(({ to, value }) => [to, value]));
    targets.push(known.add(use.desc, replacement, said, implied));
  }
  for (const { extension, on } of moved) {
    if (targets.some((target) => target.extension === extension)) continue;
    const same = moved.filter((field) => field.extension === extension);
    const said = Object.fromEntries(same.map(({ to, value }) => [to, value]));
    targets.push(known.add(on === "file" ? fileOf(use.desc) : use.desc, extension, said, {}));
  }
  return targets;
}

/** The fields of options of potter.v1: those of the contract, then those that options of Go Potter add. */
class KnownFields {
  private readonly texts = new Map<AnyDesc, Map<DescExtension, Map<string, string>>>();

  add(desc: AnyDesc, extension: DescExtension, said: OptionFields, implied: OptionFields): Target {
    const options = this.texts.get(desc) ?? new Map<DescExtension, Map<string, string>>();
    this.texts.set(desc, options);
    const exists = options.has(extension) || hasOption(desc as never, extension as never);
    const known = options.get(extension) ?? new Map(readFields(desc, extension));
    options.set(extension, known);
    // An option that was written for potter.v1 is complete: what the contract implies is not added.
    const fields = exists ? said : { ...said, ...implied };
    const missing: [string, OptionFields[string]][] = [];
    const contradictions: string[] = [];
    for (const [name, value] of Object.entries(fields)) {
      const [text = ""] = printFields(extension, { [name]: value });
      const before = known.get(name);
      if (before === undefined) {
        missing.push([name, value]);
        known.set(name, text);
      } else if (before !== text) contradictions.push(name);
    }
    return { desc, extension, fields, exists, missing: Object.fromEntries(missing), contradictions };
  }
}

function readFields(desc: AnyDesc, extension: DescExtension): readonly (readonly [string, string])[] {
  if (extension.message === undefined || !hasOption(desc as never, extension as never)) return [];
  const value = getOption(desc as never, extension as never);
  return printMessage(reflect(extension.message, value)).map((text) => [text.slice(0, text.indexOf(":")), text]);
}
