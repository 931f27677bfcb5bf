// The target client: typed clients of services, and the types of their messages. Reads the model, returns files.
import type { Model } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import type { Target } from "../index.js";
import { isPublic, publicMessages } from "./contract.js";
import { emitClient } from "./emit-client.js";
import { emitMessages } from "./emit-messages.js";
import { messagesOf } from "./flavours/index.js";
import { type ClientOptions, clientOptions } from "./options.js";
import { reachableTypes } from "./reachable-types.js";

/**
 * The target `client`: a TypeScript module with the methods of its services for each proto file, and, unless a message library has
 * them, a module with the types of their messages.
 */
export const client: Target = {
  name: "client",
  options: clientOptions,
  emit(model: Model, options, { generator, only }): readonly GeneratedFile[] {
    // The parser has validated the options against the specs above.
    const chosen = options as ClientOptions;
    const flavour = messagesOf(chosen.client_messages, model);
    const files = model.files.filter((file) => isPublic(file));
    const clients = files
      .filter(({ desc }) => only?.has(desc.proto.name) ?? true)
      .map((file) => emitClient(file, flavour, chosen, generator));
    if (chosen.client_messages !== "json") return clients;
    // What a service of one file reaches may be in any other.
    const types = reachableTypes(files.flatMap(publicMessages));
    return [...clients, ...Array.from(types, ([file, own]) => emitMessages(file, own, chosen, generator))];
  },
};
