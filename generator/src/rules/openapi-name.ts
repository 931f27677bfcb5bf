import type { AnyDesc, DescEnum, DescMessage } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import { messagesOf, type OpenApiFacts, openapiOptionNumbers as optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Names of components match the pattern that OpenAPI requires: https://spec.openapis.org/oas/v3.1.1#components-object */
export const openapiName: Rule = (model, diagnostics) => {
  for (const { desc: file } of model.files) {
    const messages = messagesOf(file);
    for (const message of messages) checkSchema(message, optionNumbers.schema, model.openapi, diagnostics);
    for (const one of [...file.enums, ...messages.flatMap(({ nestedEnums }) => nestedEnums)])
      checkSchema(one, optionNumbers.enum, model.openapi, diagnostics);
    const { securitySchemes = {} } = model.openapi.document(file);
    for (const name of Object.keys(securitySchemes))
      check(file, optionNumbers.document, `${file.name}.proto`, "security scheme", name, diagnostics);
  }
};

function checkSchema(
  desc: DescMessage | DescEnum,
  option: number,
  facts: OpenApiFacts,
  diagnostics: Diagnostics,
): void {
  const { name } = facts.schema(desc);
  if (name !== undefined) check(desc, option, desc.name, "schema", name, diagnostics);
}

function check(
  desc: AnyDesc,
  option: number,
  element: string,
  kind: string,
  name: string,
  diagnostics: Diagnostics,
): void {
  if (/^[A-Za-z0-9._-]+$/.test(name)) return;
  diagnostics.report("openapi-name", { desc, option, focus: `"${name}"` }, element, kind, name);
}
