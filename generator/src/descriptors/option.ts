import { type AnyDesc, type DescExtension, type ExtensionValueShape, getOption } from "@bufbuild/protobuf";

type OptionExtension = DescExtension;

/** Reads the value of a message-typed option. Returns undefined if the option is not set. */
export function readOption<Ext extends OptionExtension>(
  desc: AnyDesc,
  extension: Ext,
): ExtensionValueShape<Ext> | undefined {
  const unknown = (desc.proto.options as { $unknown?: readonly { no: number }[] } | undefined)?.$unknown;
  // This check is cheap, and almost all elements have no option.
  if (unknown?.some(({ no }) => no === extension.number) !== true) return undefined;
  let values = decoded.get(desc);
  if (values === undefined) {
    values = new Map();
    decoded.set(desc, values);
  }
  if (!values.has(extension)) values.set(extension, getOption(desc as never, extension as never));
  return values.get(extension) as ExtensionValueShape<Ext>;
}

/** Each option is decoded once. A watcher analyses most descriptors many times. */
const decoded = new WeakMap<AnyDesc, Map<OptionExtension, unknown>>();
