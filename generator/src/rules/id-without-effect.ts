import type { DescMessage } from "@bufbuild/protobuf";
import {
  isIdType,
  type MethodModel,
  type Model,
  messagesOf,
  readFieldOptions,
  readMessageRoles,
  readMethodRoles,
  readServiceOptions,
} from "../model/index.js";
import type { Rule } from "./rule.js";

/** A field is marked as id where something is identified: in aggregates, sagas and read models, requests and answers. */
export const idWithoutEffect: Rule = (model, diagnostics) => {
  const identifying = findIdentifying(model);
  for (const message of model.files.flatMap(({ desc }) => messagesOf(desc))) {
    for (const field of message.fields) {
      if (readFieldOptions(field)?.id !== true) continue;
      const name = `${message.name}.${field.name}`;
      if (!isIdType(field)) diagnostics.report("id-type", { desc: field }, name);
      else if (!identifying.has(message))
        diagnostics.report("id-without-effect", { desc: field }, name, reason(message));
    }
  }
};

function reason(message: DescMessage): string {
  const roles = readMessageRoles(message);
  if (roles?.event !== undefined) return "an event is about the aggregate in whose stream it is recorded";
  if (roles?.error !== undefined) return "an error identifies nothing";
  return `nothing is identified by ${message.name}`;
}

/** The messages in which an id says something. */
function findIdentifying({ all }: Model): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  const add = (message: DescMessage): void => {
    if (found.has(message)) return;
    found.add(message);
    for (const field of message.fields) if (field.message !== undefined) add(field.message);
  };
  for (const { desc, services } of all) {
    for (const message of messagesOf(desc)) {
      const { aggregate, readModel, saga } = readMessageRoles(message) ?? {};
      if (aggregate ?? readModel ?? saga) add(message);
    }
    for (const method of services.flatMap(({ methods }) => methods)) {
      if (identifies(method)) add(method.desc.input);
      add(method.desc.output);
    }
  }
  return found;
}

/** Whether a request says what it is about: one for an aggregate does, also one that cannot be found, and a query may. */
function identifies({ role, desc }: MethodModel): boolean {
  if (role.kind === "query" || role.target !== undefined) return true;
  return Boolean(readMethodRoles(desc).command?.aggregate || readServiceOptions(desc.parent)?.aggregate);
}
