import type { Diagnostics } from "../diagnostics/index.js";
import type { Schemas } from "../json-schema/index.js";
import { type OpenApiFacts, openapiOptionNumbers as optionNumbers } from "../model/index.js";

/** Reports name collisions and invalid examples of a document's schemas. */
export function reportSchemas({ clashes, examples }: Schemas, facts: OpenApiFacts, diagnostics: Diagnostics): void {
  for (const { desc, name } of clashes)
    diagnostics.report("openapi-name-collision", { desc }, desc.name, "schema", name, "");
  for (const { desc, complaint } of examples.refused) {
    // Invalid examples from options of other projects are dropped silently.
    if (!facts.hasOwnExample(desc)) continue;
    const option = { message: optionNumbers.schema, enum: optionNumbers.enum, field: optionNumbers.field }[desc.kind];
    const element = desc.kind === "field" ? `${desc.parent.name}.${desc.name}` : desc.name;
    diagnostics.report("openapi-example", { desc, option }, element, `its schema refuses it at ${complaint}`);
  }
}
