import { type DescEnum, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import type { Diagnostics, ElementRef } from "../diagnostics/index.js";
import { messagesOf, type OpenApiFacts, openapiOptionNumbers as optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** An example is a valid value of its element, according to the codec that decodes requests. */
export const openapiExample: Rule = (model, diagnostics) => {
  for (const { desc: file } of model.files) {
    for (const message of messagesOf(file)) checkMessage(message, model.openapi, diagnostics);
    for (const one of [...file.enums, ...messagesOf(file).flatMap(({ nestedEnums }) => nestedEnums)]) {
      const { example } = model.openapi.schema(one);
      const ref = { desc: one, option: optionNumbers.enum };
      if (example !== undefined) check(ref, one.name, example, (json) => checkName(one, json), diagnostics);
    }
  }
};

function checkMessage(message: DescMessage, facts: OpenApiFacts, diagnostics: Diagnostics): void {
  const { example } = facts.schema(message);
  const ref = { desc: message, option: optionNumbers.schema };
  if (example !== undefined) check(ref, message.name, example, (json) => void fromJson(message, json), diagnostics);
  for (const field of message.fields) {
    const { example: value } = facts.field(field);
    if (value === undefined) continue;
    const read = (json: JsonValue) => void fromJson(message, { [field.jsonName]: json });
    check({ desc: field, option: optionNumbers.field }, `${message.name}.${field.name}`, value, read, diagnostics);
  }
}

function check(
  ref: ElementRef,
  name: string,
  example: string,
  read: (json: JsonValue) => void,
  diagnostics: Diagnostics,
): void {
  let json: JsonValue;
  try {
    json = JSON.parse(example) as JsonValue;
  } catch {
    diagnostics.report("openapi-example", ref, name, "it is not JSON");
    return;
  }
  try {
    read(json);
  } catch (error) {
    const reason = (error as Error).message.replace(/^cannot decode (message|field) \S+ from JSON:? ?/, "");
    diagnostics.report("openapi-example", ref, name, reason);
  }
}

function checkName(desc: DescEnum, json: JsonValue): void {
  if (!desc.values.some(({ name }) => name === json))
    throw new Error(`${JSON.stringify(json)} is not a value of ${desc.name}`);
}
