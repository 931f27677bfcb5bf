import type { Diagnostics } from "../diagnostics/index.js";
import type { Schemas } from "../json-schema/index.js";

/** Reports the schemas of a document that would have one name, which an option has chosen. To be asked once all are known. */
export function reportClashes({ clashes }: Schemas, diagnostics: Diagnostics): void {
  for (const { desc, name } of clashes)
    diagnostics.report("openapi-name-collision", { desc }, desc.name, "schema", name, "");
}
