import {
  createRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescOneof,
  type Registry,
} from "@bufbuild/protobuf";
import { PotterError } from "../../../errors/index.js";
import type { AnyCodec } from "../../../message/index.js";

/** The library that generated the messages of a contract. */
export type MessageLibrary = "es" | "ts-proto";

/** The message types that codecs reach, by full name. */
export class MessageTypes {
  readonly library: MessageLibrary;
  private readonly messages = new Map<string, DescMessage>();
  private cachedRegistry: Registry | undefined;
  private readonly enums = new Map<string, DescEnum>();

  constructor(codecs: Iterable<AnyCodec>) {
    let library: MessageLibrary | undefined;
    for (const codec of codecs) {
      this.add(codec.schema);
      const found = isEs(codec) ? "es" : "ts-proto";
      if (library !== undefined && library !== found) {
        throw new PotterError(
          "invalid_argument",
          `${codec.typeName} is a message of ${found}, others are of ${library}: one schema needs one message library`,
        );
      }
      library = found;
    }
    this.library = library ?? "es";
  }

  /** Throws if there is none, since the module was generated from another contract. */
  message(typeName: string): DescMessage {
    const found = this.messages.get(typeName);
    if (found === undefined) throw staleModule(`no method of the contract uses ${typeName}`);
    return found;
  }

  field(message: DescMessage, name: string): DescField {
    const found =
      message.fields.find((field) => field.name === name) ?? message.fields.find((f) => f.jsonName === name);
    if (found === undefined) throw staleModule(`${message.typeName} has no field ${name}`);
    return found;
  }

  enumeration(typeName: string): DescEnum | undefined {
    return this.enums.get(typeName);
  }

  /** The types of the files of all messages and of their imports: the types that a google.protobuf.Any may contain. */
  registry(): Registry {
    this.cachedRegistry ??= createRegistry(
      ...new Set([...this.messages.values()].flatMap(({ file }) => [file, ...file.dependencies])),
    );
    return this.cachedRegistry;
  }

  private add(message: DescMessage): void {
    if (this.messages.has(message.typeName)) return;
    this.messages.set(message.typeName, message);
    for (const field of message.fields) {
      if (field.message !== undefined) this.add(field.message);
      if (field.enum !== undefined) this.enums.set(field.enum.typeName, field.enum);
    }
  }
}

function isEs(codec: AnyCodec): boolean {
  const message = codec.create() as object;
  return (message as { $typeName?: unknown }).$typeName === codec.typeName && "$typeName" in message;
}

/** An error of a module that does not match the contract. `internal`, since a request may be the first to reach it. */
export function staleModule(problem: string): PotterError {
  return new PotterError("internal", `${problem}: generate again`);
}

/** The property of a field in a message of a library. */
export function propertyOf(desc: DescField | DescOneof, library: MessageLibrary): string {
  return library === "es" ? desc.localName : snakeToCamel(desc.name);
}

/** The rule of ts-proto: lowers words that are all upper case, keeps the case of others. */
function snakeToCamel(name: string): string {
  if (!name.includes("_")) return name;
  const words = /[a-z]/.test(name) ? name.split("_") : name.toLowerCase().split("_");
  return words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
