import { type AnyDesc, type DescExtension, type DescFile, getOption, type Message } from "@bufbuild/protobuf";
import { fileOf } from "./source-info.js";

/** An option that another project defines, by its full name and number. */
export interface ExternalOption {
  readonly name: string;
  readonly number: number;
}

const known: WeakMap<DescFile, Map<string, DescExtension | undefined>> = new WeakMap();

/**
 * Reads the value of an option that another project defines, with the definition in the request: Potter needs no copy of
 * those proto files. `schema` is the message type of the option. Returns undefined if the option is not set.
 */
export function readExternalOption(
  desc: AnyDesc,
  { name, number }: ExternalOption,
): { readonly schema: NonNullable<DescExtension["message"]>; readonly value: Message } | undefined {
  const unknown = (desc.proto.options as { $unknown?: readonly { no: number }[] } | undefined)?.$unknown;
  if (unknown?.some(({ no }) => no === number) !== true) return undefined;
  const extension = findExtension(fileOf(desc), name);
  if (extension?.message === undefined) return undefined;
  return { schema: extension.message, value: getOption(desc as never, extension as never) as Message };
}

/** A file that uses an option imports its definition, possibly by way of other files. */
function findExtension(file: DescFile, name: string): DescExtension | undefined {
  const extensions = known.get(file) ?? new Map<string, DescExtension | undefined>();
  known.set(file, extensions);
  if (!extensions.has(name)) extensions.set(name, search(file, name));
  return extensions.get(name);
}

function search(file: DescFile, name: string): DescExtension | undefined {
  const files = new Set([file]);
  for (const one of files) {
    const found = one.extensions.find(({ typeName }) => typeName === name);
    if (found !== undefined) return found;
    for (const imported of one.dependencies) files.add(imported);
  }
  return undefined;
}
