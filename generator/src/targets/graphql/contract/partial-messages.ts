import type { DescMessage } from "@bufbuild/protobuf";
import type { Model } from "../../../model/index.js";

/**
 * The messages that updates accept in part: resources under a field mask, and the messages within them. Items of
 * lists and values of maps are not included, since an update replaces them as a whole.
 */
export function findPartial(model: Model): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  const add = (message: DescMessage): void => {
    if (found.has(message)) return;
    found.add(message);
    for (const field of message.fields) if (field.fieldKind === "message") add(field.message);
  };
  for (const { services } of model.all) {
    for (const { update } of services.flatMap(({ methods }) => methods)) if (update) add(update.resource.message);
  }
  return found;
}
