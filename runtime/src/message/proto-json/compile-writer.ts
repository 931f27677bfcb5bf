import { type DescField, type DescMessage, protoInt64 } from "@bufbuild/protobuf";
import { isCompilable } from "./compilable.js";
import { type Doubt, doubt } from "./doubt.js";
import { compileWriteField, type FindWriter } from "./write-field.js";
import type { WriteValue } from "./write-scalar.js";

/** Writes messages of protobuf-es as the text of their ProtoJSON, or gives `doubt`. */
export interface Writer {
  write(message: unknown): string | Doubt;
}

type Fields = Readonly<Record<string, unknown>>;

interface Entry {
  /** The name as it is written, with its colon. */
  readonly key: string;
  readonly localName: string;
  /** The name of the oneof that it is part of. */
  readonly oneof: string | undefined;
  /** What it means that the field is not an own value of the message. */
  readonly absence: "impossible" | "allowed" | "forbidden";
  readonly write: WriteValue;
}

// google.protobuf.FeatureSet.FieldPresence
const implicit = 2;
const legacyRequired = 3;

/** Writes all, and is sure of nothing. */
const doubtful: Writer = { write: () => doubt };

const writers = new WeakMap<DescMessage, Writer>();

/** The writer of a message; undefined: it would be sure of nothing. Made once for each message. */
export function compileWriter(schema: DescMessage): Writer | undefined {
  const writer = find(schema);
  return writer === doubtful ? undefined : writer;
}

const find: FindWriter = (schema) => {
  const known = writers.get(schema);
  if (known !== undefined) return known;
  if (!isCompilable(schema) || !protoInt64.supported) {
    writers.set(schema, doubtful);
    return doubtful;
  }
  const writer = new MessageWriter(schema.typeName);
  // Before its fields, which may lead back to it.
  writers.set(schema, writer);
  writer.entries = [...schema.fields].sort((a, b) => a.number - b.number).map(toEntry);
  return writer;
};

class MessageWriter implements Writer {
  /** In the order of their numbers. */
  entries: readonly Entry[] = [];
  private readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }

  write(given: unknown): string | Doubt {
    const message = given as Fields;
    // What is unknown may be an extension that has a name in JSON.
    if (message["$typeName"] !== this.typeName || message["$unknown"] !== undefined) return doubt;
    const { entries } = this;
    let text = "";
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry;
      let value: unknown;
      if (entry.oneof !== undefined) {
        const choice = message[entry.oneof] as { readonly case?: unknown; readonly value?: unknown } | undefined;
        if (choice === undefined || choice === null) return doubt;
        if (choice.case !== entry.localName) continue;
        value = choice.value;
      } else {
        value = message[entry.localName];
        if (entry.absence !== "impossible" && (value === undefined || !Object.hasOwn(message, entry.localName))) {
          if (entry.absence === "forbidden") return doubt;
          continue;
        }
      }
      const written = entry.write(value);
      if (written === doubt) return doubt;
      if (written !== "") text += (text === "" ? entry.key : `,${entry.key}`) + written;
    }
    return `{${text}}`;
  }
}

function toEntry(field: DescField): Entry {
  const { jsonName, localName, oneof, presence, fieldKind } = field;
  const always = presence === implicit || fieldKind === "list" || fieldKind === "map";
  return {
    key: `${JSON.stringify(jsonName)}:`,
    localName,
    oneof: oneof?.localName,
    absence: always ? "impossible" : presence === legacyRequired ? "forbidden" : "allowed",
    write: compileWriteField(field, find),
  };
}
