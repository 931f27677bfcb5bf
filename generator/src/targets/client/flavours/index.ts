// The messages that clients exchange: ProtoJSON, or objects of a message library.
import { esLibrary } from "../../../messages/index.js";
import type { Model } from "../../../model/index.js";
import { esFlavour } from "./es-flavour.js";
import type { Flavour } from "./flavour.js";
import { jsonFlavour } from "./json-flavour.js";
import { tsProtoFlavour } from "./ts-proto-flavour.js";

export type { Flavour } from "./flavour.js";

/** Returns the messages of a value of the option `client_messages`. */
export function messagesOf(name: "json" | "es" | "ts-proto", model: Model): Flavour {
  switch (name) {
    case "json":
      return jsonFlavour;
    case "es":
      return esFlavour(esLibrary(new Set(model.files.map(({ desc }) => desc.name))));
    case "ts-proto":
      return tsProtoFlavour;
  }
}
