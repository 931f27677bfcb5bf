import type { Diagnostics } from "../diagnostics/index.js";
import type { Schemas } from "../json-schema/index.js";
import { type OpenApiFacts, openapiOptionNumbers as optionNumbers } from "../model/index.js";

/** Reports what is wrong with the schemas of a document: names that two would have, and examples that are none. */
export function reportSchemas({ clashes, examples }: Schemas, facts: OpenApiFacts, diagnostics: Diagnostics): void {
  for (const { desc, name } of clashes)
    diagnostics.report("openapi-name-collision", { desc }, desc.name, "schema", name, "");
  for (const { desc, complaint } of examples.refused) {
    // Those of others are left out.
    if (!facts.hasOwnExample(desc)) continue;
    const option = { message: optionNumbers.schema, enum: optionNumbers.enum, field: optionNumbers.field }[desc.kind];
    const element = desc.kind === "field" ? `${desc.parent.name}.${desc.name}` : desc.name;
    diagnostics.report("openapi-example", { desc, option }, element, `its schema refuses it at ${complaint}`);
  }
}
