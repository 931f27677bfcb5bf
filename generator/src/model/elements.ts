import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";

/** All elements of some files, nested ones included, by kind. */
export interface Elements {
  readonly files: readonly DescFile[];
  readonly services: readonly DescService[];
  readonly methods: readonly DescMethod[];
  readonly messages: readonly DescMessage[];
  readonly fields: readonly DescField[];
  readonly oneofs: readonly DescOneof[];
  readonly enums: readonly DescEnum[];
  readonly values: readonly DescEnumValue[];
}

export function listElements(files: readonly DescFile[]): Elements {
  const services = files.flatMap((file) => file.services);
  const messages = files.flatMap((file) => messagesOf(file));
  const enums = [...files.flatMap((file) => file.enums), ...messages.flatMap(({ nestedEnums }) => nestedEnums)];
  return {
    files,
    services,
    methods: services.flatMap(({ methods }) => methods),
    messages,
    fields: messages.flatMap(({ fields }) => fields),
    oneofs: messages.flatMap(({ oneofs }) => oneofs),
    enums,
    values: enums.flatMap(({ values }) => values),
  };
}

/** All messages of a file, in the order of the source, each before those nested in it. */
export function messagesOf(parent: DescFile | DescMessage): DescMessage[] {
  const messages = parent.kind === "file" ? parent.messages : parent.nestedMessages;
  return messages.flatMap((message) => [message, ...messagesOf(message)]);
}
