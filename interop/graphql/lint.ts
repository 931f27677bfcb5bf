import { configs, parser, rules } from "@graphql-eslint/eslint-plugin";
import { Linter } from "eslint";

/** The complaints of graphql-eslint about a schema, by its recommended rules except those in `passedOver`. */
export function lint(sdl: string): readonly string[] {
  const recommended = configs["flat/schema-recommended"].rules as Linter.RulesRecord;
  // The types of the plugin and of the linter do not know of one another.
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

/** Rules that ask of a contract what is not the generator's to say. */
const passedOver: ReadonlySet<string> = new Set([
  // Descriptions and reasons are comments of the proto; where there are none, none are made up.
  "require-description",
  "require-deprecation-reason",
  // Ids are called as the proto calls them, and not every message has one.
  "strict-id-in-types",
]);

function shorten(rule: string): string {
  return rule.replace("@graphql-eslint/", "");
}
