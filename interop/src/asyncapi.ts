import { Parser } from "@asyncapi/parser";

const parser = new Parser();

/** A hint that there is a newer version of AsyncAPI. Which version a document has is for its user to choose. */
const passedOver = "asyncapi-latest-version";

/** The complaints of the AsyncAPI Initiative's parser about a document in YAML or JSON, including hints. */
export async function checkAsyncApi(text: string): Promise<readonly string[]> {
  const problems = await parser.validate(text);
  return problems
    .filter(({ code }) => code !== passedOver)
    .map(({ code, message, path }) => `${code}: ${message} ${path.join("/")}`);
}
