import { type DescField, type DescMessage, protoInt64 } from "@bufbuild/protobuf";
import { compileText, literal, property, type Refer } from "../../function-text/index.js";
import { isCompilable } from "./compilable.js";
import { type Fallback, fallback } from "./fallback.js";
import { printWriteField } from "./print-write-field.js";
import { compileWriteField, type FindWriter } from "./write-field.js";
import type { WriteValue } from "./write-scalar.js";

/** Writes messages of protobuf-es as ProtoJSON text. Returns `fallback` for messages that only protobuf-es can write. */
export interface Writer {
  write(message: unknown): string | Fallback;
}

type Fields = Readonly<Record<string, unknown>>;

interface Entry {
  readonly field: DescField;
  /** The quoted name, with its colon. */
  readonly key: string;
  readonly localName: string;
  /** The name of the oneof that the field belongs to. */
  readonly oneof: string | undefined;
  /** What it means if the field is not an own member of the message. */
  readonly absence: "impossible" | "allowed" | "forbidden";
  readonly write: WriteValue;
}

// google.protobuf.FeatureSet.FieldPresence
const implicit = 2;
const legacyRequired = 3;

/** Returns `fallback` for all messages. */
const fallbackOnly: Writer = { write: () => fallback };

const writers = new WeakMap<DescMessage, Writer>();

/** Returns the writer of a message, which is compiled once; undefined if it would always return `fallback`. */
export function compileWriter(schema: DescMessage): Writer | undefined {
  const writer = find(schema);
  return writer === fallbackOnly ? undefined : writer;
}

const find: FindWriter = (schema) => {
  const known = writers.get(schema);
  if (known !== undefined) return known;
  if (!isCompilable(schema) || !protoInt64.supported) {
    writers.set(schema, fallbackOnly);
    return fallbackOnly;
  }
  const writer = new MessageWriter(schema.typeName);
  // Registered before its fields are compiled, since messages may be recursive.
  writers.set(schema, writer);
  const entries = [...schema.fields].sort((a, b) => a.number - b.number).map(toEntry);
  writer.entries = entries;
  const write = compileText<Writer["write"]>((refer) => printWriter(schema.typeName, entries, refer));
  if (write !== undefined) writer.write = write;
  return writer;
};

/** Returns the text of the method `write` of `MessageWriter` with its loop unrolled. */
function printWriter(typeName: string, entries: readonly Entry[], refer: Refer): string {
  const failed = `return ${refer(fallback)};`;
  const writes = entries.map(({ field, key, localName, oneof, absence }) => {
    const write = printWriteField(field, key, find, refer);
    if (oneof !== undefined) {
      const choice = `v=m${property(oneof)};if(v==null)${failed}`;
      return `${choice}if(v.case===${literal(localName)}){v=v.value;${write}}`;
    }
    const value = `v=m${property(localName)};`;
    if (absence === "impossible") return `${value}${write}`;
    const isAbsent = `v===undefined||!Object.hasOwn(m,${literal(localName)})`;
    return `${value}if(${isAbsent}){${absence === "forbidden" ? failed : ""}}else{${write}}`;
  });
  const check = `if(m.$typeName!==${literal(typeName)}||m.$unknown!==undefined)${failed}`;
  return `(m)=>{${check}let t="",v,w;${writes.join("")}return"{"+t+"}"}`;
}

class MessageWriter implements Writer {
  /** Ordered by field number. */
  entries: readonly Entry[] = [];
  private readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }

  write(given: unknown): string | Fallback {
    const message = given as Fields;
    // An unknown field may be an extension, which has a name in JSON.
    if (message["$typeName"] !== this.typeName || message["$unknown"] !== undefined) return fallback;
    const { entries } = this;
    let text = "";
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry;
      let value: unknown;
      if (entry.oneof !== undefined) {
        const choice = message[entry.oneof] as { readonly case?: unknown; readonly value?: unknown } | undefined;
        if (choice === undefined || choice === null) return fallback;
        if (choice.case !== entry.localName) continue;
        value = choice.value;
      } else {
        value = message[entry.localName];
        if (entry.absence !== "impossible" && (value === undefined || !Object.hasOwn(message, entry.localName))) {
          if (entry.absence === "forbidden") return fallback;
          continue;
        }
      }
      const written = entry.write(value);
      if (written === fallback) return fallback;
      if (written !== "") text += (text === "" ? entry.key : `,${entry.key}`) + written;
    }
    return `{${text}}`;
  }
}

function toEntry(field: DescField): Entry {
  const { jsonName, localName, oneof, presence, fieldKind } = field;
  const always = presence === implicit || fieldKind === "list" || fieldKind === "map";
  return {
    field,
    key: `${JSON.stringify(jsonName)}:`,
    localName,
    oneof: oneof?.localName,
    absence: always ? "impossible" : presence === legacyRequired ? "forbidden" : "allowed",
    write: compileWriteField(field, find),
  };
}
