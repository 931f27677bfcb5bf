import { type AnyDesc, type DescExtension, type ExtensionValueShape, getOption } from "@bufbuild/protobuf";

type OptionExtension = DescExtension;

/** The value of a message-typed option, or undefined where the option is not set. */
export function readOption<Ext extends OptionExtension>(
  desc: AnyDesc,
  extension: Ext,
): ExtensionValueShape<Ext> | undefined {
  const unknown = (desc.proto.options as { $unknown?: readonly { no: number }[] } | undefined)?.$unknown;
  // Looked at first, since almost every element of almost every file has no option at all.
  if (unknown?.some(({ no }) => no === extension.number) !== true) return undefined;
  return getOption(desc as never, extension as never) as ExtensionValueShape<Ext>;
}
