import type { EventModel } from "@potter/generator";
import type { Contract } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Every event type keeps its channel, and every channel its messages. */
export const channels: Rule = ({ base, head }, findings) => {
  const [before, now] = [channelsOf(base), channelsOf(head)];
  for (const [type, events] of before) {
    const kept = now.get(type);
    const [first] = events;
    if (kept === undefined) {
      if (first !== undefined) findings.report("asyncapi-channel-removed", type, inBase(first.desc), type);
      continue;
    }
    const names = new Set(kept.map(({ desc }) => desc.typeName));
    for (const { desc } of events.filter((event) => !names.has(event.desc.typeName))) {
      findings.report("asyncapi-message-removed", `${type}: ${desc.typeName}`, inBase(desc), type, desc.typeName);
    }
    const known = new Set(events.map(({ desc }) => desc.typeName));
    for (const { desc } of kept.filter((event) => !known.has(event.desc.typeName))) {
      findings.report("asyncapi-message-added", `${type}: ${desc.typeName}`, inHead(desc), type, desc.typeName);
    }
  }
};

function channelsOf({ model }: Contract): ReadonlyMap<string, readonly EventModel[]> {
  const channels = new Map<string, EventModel[]>();
  for (const event of model.files.flatMap(({ events }) => events)) {
    channels.set(event.type, [...(channels.get(event.type) ?? []), event]);
  }
  return channels;
}
