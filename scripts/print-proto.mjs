// Prints a file descriptor as proto source. It exists for buf/validate/validate.proto, which no npm package ships as
// text, so it supports what that file uses, and refuses everything else.
// Comments are not in a descriptor; options are kept, extensions that the file itself declares included.
import { getExtension } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  FieldOptionsSchema,
  FileOptionsSchema,
  FieldDescriptorProto_Label as Label,
  MessageOptionsSchema,
  OneofOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

/** @import { DescExtension, DescField, DescFile, DescMessage, Message } from "@bufbuild/protobuf" */
/** @import { ReflectMessage } from "@bufbuild/protobuf/reflect" */
/** @import { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from "@bufbuild/protobuf/wkt" */

/** The first number that no field may have: a range up to here is written `to max`. */
const END_OF_NUMBERS = 536870912;

/**
 * Proto source that compiles to the descriptor of the file.
 *
 * @param {DescFile} file
 * @param {string} header comment lines, without slashes
 * @returns {string}
 */
export function printProto(file, header) {
  const { proto } = file;
  if (proto.service.length > 0) throw new Error(`${file.name}: services are not printed`);
  if (proto.syntax !== "" && proto.syntax !== "proto2") throw new Error(`${file.name}: only proto2 is printed`);
  const extensions = file.extensions.map((extension) => [
    `${extension.extendee.typeName}/${extension.number}`,
    extension,
  ]);
  const printer = new Printer(new Map(/** @type {[string, DescExtension][]} */ (extensions)));
  for (const line of header.trim().split("\n")) printer.line(`// ${line}`.trimEnd());
  printer.line(`syntax = "proto2";`);
  printer.line("");
  printer.line(`package ${proto.package};`);
  printer.line("");
  for (const path of proto.dependency) printer.line(`import ${JSON.stringify(path)};`);
  printer.line("");
  printer.statements(FileOptionsSchema, proto.options);
  printer.extensions(proto.extension);
  for (const message of proto.messageType) printer.message(message, `.${proto.package}`);
  for (const declared of proto.enumType) printer.enumeration(declared);
  return `${printer.lines.join("\n")}\n`;
}

class Printer {
  /** @type {string[]} */
  lines = [];
  #indent = "";
  #extensions;

  /** @param {ReadonlyMap<string, DescExtension>} extensions by `extendee/number` */
  constructor(extensions) {
    this.#extensions = extensions;
  }

  /** @param {string} text */
  line(text) {
    this.lines.push(text === "" ? "" : this.#indent + text);
  }

  /** @param {string} head @param {() => void} body */
  block(head, body) {
    this.line(`${head} {`);
    this.#indent += "  ";
    body();
    this.#indent = this.#indent.slice(2);
    this.line("}");
  }

  /** @param {DescriptorProto} message @param {string} scope */
  message(message, scope) {
    const name = `${scope}.${message.name}`;
    this.line("");
    this.block(`message ${message.name}`, () => {
      this.statements(MessageOptionsSchema, message.options);
      this.reserved(message.reservedRange, message.reservedName, 1);
      const ranges = message.extensionRange;
      if (ranges.some((range) => range.options))
        throw new Error(`${name}: options of extension ranges are not printed`);
      if (ranges.length > 0) this.line(`extensions ${printRanges(ranges, 1)};`);
      /** @type {Set<number>} */
      const done = new Set();
      for (const field of message.field) this.fieldOrOneof(message, field, name, done);
      this.extensions(message.extension);
      for (const nested of message.nestedType) if (!nested.options?.mapEntry) this.message(nested, name);
      for (const declared of message.enumType) this.enumeration(declared);
    });
  }

  /** @param {DescriptorProto} message @param {FieldDescriptorProto} field @param {string} scope @param {Set<number>} done */
  fieldOrOneof(message, field, scope, done) {
    if (!isSet(field, "oneofIndex")) return this.field(field, message, scope);
    if (done.has(field.oneofIndex)) return;
    done.add(field.oneofIndex);
    const oneof = message.oneofDecl[field.oneofIndex];
    this.block(`oneof ${oneof?.name}`, () => {
      this.statements(OneofOptionsSchema, oneof?.options);
      const members = message.field.filter(
        (other) => isSet(other, "oneofIndex") && other.oneofIndex === field.oneofIndex,
      );
      for (const member of members) this.field(member, message, scope, false);
    });
  }

  /** @param {FieldDescriptorProto} field @param {DescriptorProto} [message] @param {string} [scope] @param {boolean} [labelled] */
  field(field, message, scope, labelled = true) {
    const entry = message?.nestedType.find(
      (nested) => nested.options?.mapEntry && field.typeName === `${scope}.${nested.name}`,
    );
    const [key, value] = entry?.field ?? [];
    const type = key && value ? `map<${printType(key)}, ${printType(value)}>` : printType(field);
    const label = labelled && !entry ? `${Label[field.label]?.toLowerCase()} ` : "";
    const options = this.options(FieldOptionsSchema, field.options);
    if (isSet(field, "defaultValue")) {
      const quoted = field.type === Type.STRING || field.type === Type.BYTES;
      options.unshift(`default = ${quoted ? JSON.stringify(field.defaultValue) : field.defaultValue}`);
    }
    const suffix = options.length > 0 ? ` [${options.join(", ")}]` : "";
    this.line(`${label}${type} ${field.name} = ${field.number}${suffix};`);
  }

  /** @param {FieldDescriptorProto[]} fields */
  extensions(fields) {
    for (const field of fields) {
      this.line("");
      this.block(`extend ${field.extendee}`, () => this.field(field));
    }
  }

  /** @param {EnumDescriptorProto} declared */
  enumeration(declared) {
    this.line("");
    this.block(`enum ${declared.name}`, () => {
      this.statements(EnumOptionsSchema, declared.options);
      this.reserved(declared.reservedRange, declared.reservedName, 0);
      for (const value of declared.value) {
        const options = this.options(EnumValueOptionsSchema, value.options);
        this.line(`${value.name} = ${value.number}${options.length > 0 ? ` [${options.join(", ")}]` : ""};`);
      }
    });
  }

  /** @param {{ start: number, end: number }[]} ranges @param {string[]} names @param {number} beyond */
  reserved(ranges, names, beyond) {
    if (ranges.length > 0) this.line(`reserved ${printRanges(ranges, beyond)};`);
    if (names.length > 0) this.line(`reserved ${names.map((name) => JSON.stringify(name)).join(", ")};`);
  }

  /** @param {DescMessage} schema @param {Message | undefined} options */
  statements(schema, options) {
    for (const option of this.options(schema, options)) this.line(`option ${option};`);
  }

  /** @param {DescMessage} schema @param {Message | undefined} options @returns {string[]} */
  options(schema, options) {
    if (!options) return [];
    const message = reflect(schema, options);
    const known = message.fields.filter((field) => message.isSet(field));
    const printed = known.flatMap((field) => printField(message, field).map((value) => `${field.name} = ${value}`));
    for (const number of new Set((options.$unknown ?? []).map((unknown) => unknown.no))) {
      const extension = this.#extensions.get(`${schema.typeName}/${number}`);
      if (!extension?.message) throw new Error(`${schema.typeName}: option ${number} is not known`);
      const value = reflect(extension.message, /** @type {Message} */ (getExtension(options, extension)));
      printed.push(`(${extension.typeName}) = ${printMessage(value)}`);
    }
    return printed;
  }
}

/** @param {FieldDescriptorProto} field @returns {string} */
function printType(field) {
  if (field.type === Type.GROUP) throw new Error(`${field.name}: groups are not printed`);
  return field.typeName === "" ? (Type[field.type]?.toLowerCase() ?? "") : field.typeName;
}

/** @param {{ start: number, end: number }[]} ranges @param {number} beyond 1 where the end is exclusive, 0 where it is not */
function printRanges(ranges, beyond) {
  return ranges
    .map(({ start, end }) => {
      if (end === END_OF_NUMBERS || end === 0x7fffffff) return `${start} to max`;
      return end - beyond === start ? `${start}` : `${start} to ${end - beyond}`;
    })
    .join(", ");
}

/** @param {ReflectMessage} message @returns {string} */
function printMessage(message) {
  const set = message.fields.filter((field) => message.isSet(field));
  return `{${set.flatMap((field) => printField(message, field).map((value) => `${field.name}: ${value}`)).join(", ")}}`;
}

/** @param {ReflectMessage} message @param {DescField} field @returns {string[]} one for each occurrence of the field */
function printField(message, field) {
  if (field.fieldKind === "map") throw new Error(`${field}: maps in options are not printed`);
  const value = /** @type {unknown} */ (message.get(field));
  const values = field.fieldKind === "list" ? [.../** @type {Iterable<unknown>} */ (value)] : [value];
  return values.map((one) => {
    if (field.message) return printMessage(/** @type {ReflectMessage} */ (one));
    if (field.enum) return field.enum.value[/** @type {number} */ (one)]?.name ?? String(one);
    if (one instanceof Uint8Array) throw new Error(`${field}: bytes in options are not printed`);
    return typeof one === "string" ? JSON.stringify(one) : String(one);
  });
}

/** @param {FieldDescriptorProto} field @param {"oneofIndex" | "defaultValue"} name */
function isSet(field, name) {
  return Object.hasOwn(field, name);
}
