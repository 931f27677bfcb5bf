import { wireCode, wireRules } from "../../check/findings/index.js";
import { explainAcceptance, explainSeverity } from "./acceptance.js";
import { createPage, type Page } from "./page.js";

/** Changes that `buf breaking` reports. */
export function createWirePages(): readonly Page[] {
  return Object.entries(wireRules).map(([rule, requirement]) => {
    const code = wireCode(rule);
    return createPage(code, `The rule ${rule} of buf requires that ${requirement}.`, [
      `It concerns binary protobuf and ProtoJSON. ${explainSeverity("breaking")} \`breaking\` in buf.yaml chooses the rules, by default ` +
        "those of WIRE_JSON: https://buf.build/docs/breaking/rules/",
      "What it means: clients and stored messages that were compiled with the earlier contract are misread or refused.",
      "What to do: restore what was changed, or add a new element and mark the old one deprecated. A field or value that nobody " +
        "uses any more is removed by reserving its number and its name.",
      explainAcceptance(code, "breaking", "shop.Order.note"),
    ]);
  });
}
