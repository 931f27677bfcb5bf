import {
  createRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescOneof,
  type Registry,
} from "@bufbuild/protobuf";
import type { AnyCodec } from "../../../message/index.js";

/** The message library whose messages are read. */
export type Library = "es" | "ts-proto";

/** The messages that some codecs lead to, by full name. */
export class Messages {
  readonly library: Library;
  private readonly messages = new Map<string, DescMessage>();
  private known: Registry | undefined;
  private readonly enums = new Map<string, DescEnum>();

  constructor(codecs: Iterable<AnyCodec>) {
    let library: Library | undefined;
    for (const codec of codecs) {
      this.add(codec.schema);
      const found = isEs(codec) ? "es" : "ts-proto";
      if (library !== undefined && library !== found) {
        throw new Error(
          `${codec.typeName} is a message of ${found}, others are of ${library}: one schema needs one of them`,
        );
      }
      library = found;
    }
    this.library = library ?? "es";
  }

  /** Throws if there is none: the module was generated from another contract. */
  message(typeName: string): DescMessage {
    const found = this.messages.get(typeName);
    if (found === undefined) throw new Error(`no method of the contract leads to ${typeName}: generate again`);
    return found;
  }

  field(message: DescMessage, name: string): DescField {
    const found =
      message.fields.find((field) => field.name === name) ?? message.fields.find((f) => f.jsonName === name);
    if (found === undefined) throw new Error(`${message.typeName} has no field ${name}: generate again`);
    return found;
  }

  enumeration(typeName: string): DescEnum | undefined {
    return this.enums.get(typeName);
  }

  /** The types of all files that messages come from and that these import: what a google.protobuf.Any can hold. */
  registry(): Registry {
    this.known ??= createRegistry(
      ...new Set([...this.messages.values()].flatMap(({ file }) => [file, ...file.dependencies])),
    );
    return this.known;
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

/** The property of a field in a message of a library. */
export function propertyOf(desc: DescField | DescOneof, library: Library): string {
  return library === "es" ? desc.localName : snakeToCamel(desc.name);
}

/** As ts-proto does it: words that are all upper case are lowered, others keep their case. */
function snakeToCamel(name: string): string {
  if (!name.includes("_")) return name;
  const words = /[a-z]/.test(name) ? name.split("_") : name.toLowerCase().split("_");
  return words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
