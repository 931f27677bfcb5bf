import type { DescriptorProto, FieldDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/** The file of each extension, by the full name of the extended message and the number. */
export type ExtensionIndex = Map<string, Map<number, string>>;

/** Adds the symbols of a file, by full name, and its extensions. */
export function indexFile(file: FileDescriptorProto, symbols: Map<string, string>, extensions: ExtensionIndex): void {
  const { name } = file;
  const add = (scope: string, one: string): string => {
    const full = scope === "" ? one : `${scope}.${one}`;
    symbols.set(full, name);
    return full;
  };
  const addExtensions = (scope: string, fields: readonly FieldDescriptorProto[]): void => {
    for (const field of fields) {
      add(scope, field.name);
      const type = field.extendee.replace(/^\./, "");
      let numbers = extensions.get(type);
      if (numbers === undefined) {
        numbers = new Map();
        extensions.set(type, numbers);
      }
      numbers.set(field.number, name);
    }
  };
  const addMessages = (scope: string, messages: readonly DescriptorProto[]): void => {
    for (const message of messages) {
      const full = add(scope, message.name);
      for (const { name: type } of message.enumType) add(full, type);
      addExtensions(full, message.extension);
      addMessages(full, message.nestedType);
    }
  };
  addMessages(file.package, file.messageType);
  for (const type of file.enumType) add(file.package, type.name);
  addExtensions(file.package, file.extension);
  for (const service of file.service) {
    const full = add(file.package, service.name);
    for (const method of service.method) add(full, method.name);
  }
}
