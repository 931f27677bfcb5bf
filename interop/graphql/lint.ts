import { configs, parser, rules } from "@graphql-eslint/eslint-plugin";
import { Linter } from "eslint";

/** The complaints of graphql-eslint about a schema, by its recommended rules except those in `passedOver`. */
export function lint(sdl: string): readonly string[] {
  const recommended = configs["flat/schema-recommended"].rules as Linter.RulesRecord;
  // The types of the plugin and of the linter are incompatible.
  const config = {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": { rules } },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: sdl } } },
    rules: Object.fromEntries(Object.entries(recommended).filter(([rule]) => !passedOver.has(shorten(rule)))),
  } as unknown as Linter.Config;
  return new Linter()
    .verify(sdl, config, { filename: "schema.graphql" })
    .map(({ ruleId, message }) => `${shorten(ruleId ?? "")}: ${message}`);
}

/** Rules about decisions of the contract that the generator cannot make. */
const passedOver: ReadonlySet<string> = new Set([
  // Descriptions and reasons are comments of the proto; the generator invents none.
  "require-description",
  "require-deprecation-reason",
  // Ids have their proto names, and not every message has an id.
  "strict-id-in-types",
]);

function shorten(rule: string): string {
  return rule.replace("@graphql-eslint/", "");
}
