import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HttpError } from "../../http/index.js";
import { Resource } from "../pages/index.js";

/** The two forms in which a document is served. */
export type Form = "json" | "yaml";

/** Media types: RFC 8259, and RFC 9512. */
const contentTypes: Readonly<Record<Form, string>> = { json: "application/json", yaml: "application/yaml" };

/** An OpenAPI document: the form that it came in as it is, the other made when it is first asked for. */
export class DocumentForms {
  /** The form that it came in. */
  readonly own: Form;
  private readonly text: string;
  private readonly forms: Map<Form, Promise<Resource>> = new Map();

  /** Throws if the text is empty, or begins like JSON and is none. */
  constructor(document: object | string) {
    this.text = typeof document === "string" ? document.replace(/^\uFEFF/, "") : JSON.stringify(document, undefined, 2);
    this.own = readForm(this.text);
  }

  /** Rejects with 501 where the form has to be made and the package js-yaml is not installed. */
  get(form: Form): Promise<Resource> {
    const known = this.forms.get(form);
    if (known !== undefined) return known;
    const made = this.make(form);
    this.forms.set(form, made);
    // Whoever asks next tries again.
    made.catch(() => this.forms.delete(form));
    return made;
  }

  private async make(form: Form): Promise<Resource> {
    const text = form === this.own ? this.text : await convert(this.text, form);
    return new Resource(contentTypes[form], text);
  }
}

/** The text of a document in a file. Throws if it cannot be read, with what to do. */
export function readDocument(file: URL | string): string {
  const path = file instanceof URL ? fileURLToPath(file) : resolve(file);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
    throw new Error(`the OpenAPI document ${path} ${reason}: generate it first, or correct \`file\``, { cause });
  }
}

function readForm(text: string): Form {
  if (text.trim() === "") throw new Error("the OpenAPI document is empty: expected its text, as YAML or JSON");
  if (!text.trimStart().startsWith("{")) return "yaml";
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Error(`the OpenAPI document begins like JSON and is none: ${(cause as Error).message}`, { cause });
  }
  return "json";
}

async function convert(text: string, form: Form): Promise<string> {
  const yaml = await import("js-yaml").catch((cause: unknown) => {
    const message = `this server has no ${form.toUpperCase()} of the document: install the package js-yaml`;
    throw new HttpError(501, "unimplemented", message, { cause });
  });
  return form === "json"
    ? JSON.stringify(yaml.load(text), undefined, 2)
    : yaml.dump(JSON.parse(text), { noRefs: true, lineWidth: -1 });
}
