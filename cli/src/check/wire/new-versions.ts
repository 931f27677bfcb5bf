import type { DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { type Contract, pairElements } from "../contract/index.js";

/**
 * Finds messages whose name has passed to a newer version of their event, as is usual when a version supersedes another. buf compares
 * messages by name and takes the two versions for one; Potter's rules compare each version with itself. A message that anything else
 * refers to is left out: it changes there too.
 */
export function findNewVersions(base: Contract, head: Contract): ReadonlySet<string> {
  const eventsOf = ({ model }: Contract) => model.files.flatMap(({ events }) => events);
  const { kept } = pairElements(eventsOf(base), eventsOf(head), ({ desc }) => desc.typeName);
  const renewed = kept.filter((pair) => pair.base.type === pair.head.type && pair.base.version < pair.head.version);
  const referred = referredMessages(head);
  return new Set(
    renewed
      .map((pair) => pair.head.desc)
      .filter((desc) => !referred.has(desc))
      .map((desc) => desc.typeName),
  );
}

function referredMessages({ files }: Contract): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  for (const type of files.flatMap((file) => [...nestedTypes(file)])) {
    if (type.kind === "message") for (const { message } of type.fields) if (message) found.add(message);
    if (type.kind === "service") for (const { input, output } of type.methods) found.add(input).add(output);
  }
  return found;
}
