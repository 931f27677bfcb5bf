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

/** A field is marked as id only where an id has an effect: in aggregates, sagas, read models, requests and responses. */
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
  if (roles?.event !== undefined) return "the stream of an event identifies its aggregate";
  if (roles?.error !== undefined) return "an error has no id";
  return `${message.name} is no aggregate, saga, read model or request`;
}

/** Returns the messages in which an id has an effect. */
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

/** Returns whether a request may contain an id: that of a query, or of a command for an aggregate, resolved or not. */
function identifies({ role, desc }: MethodModel): boolean {
  if (role.kind === "query" || role.target !== undefined) return true;
  return Boolean(readMethodRoles(desc).command?.aggregate || readServiceOptions(desc.parent)?.aggregate);
}
