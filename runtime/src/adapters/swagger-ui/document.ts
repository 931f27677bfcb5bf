import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PotterError } from "../../errors/index.js";
import { HttpError } from "../../http/index.js";
import { Resource } from "../pages/index.js";

/** The forms in which a document is served. */
export type Form = "json" | "yaml";

/** Media types: RFC 8259 and RFC 9512. */
const contentTypes: Readonly<Record<Form, string>> = { json: "application/json", yaml: "application/yaml" };

/** An OpenAPI document: in its original form, and in the other, which is created when it is first requested. */
export class DocumentForms {
  /** The original form. */
  readonly own: Form;
  private readonly text: string;
  private readonly forms: Map<Form, Promise<Resource>> = new Map();

  /** Throws a PotterError if the text is empty, or starts like JSON and is not valid. */
  constructor(document: object | string) {
    this.text = typeof document === "string" ? document.replace(/^\uFEFF/, "") : JSON.stringify(document, undefined, 2);
    this.own = readForm(this.text);
  }

  /** Rejects with an HttpError 501 if the other form is requested and the package js-yaml is not installed. */
  get(form: Form): Promise<Resource> {
    const known = this.forms.get(form);
    if (known !== undefined) return known;
    const created = this.create(form);
    this.forms.set(form, created);
    // The next request tries again.
    created.catch(() => this.forms.delete(form));
    return created;
  }

  private async create(form: Form): Promise<Resource> {
    const text = form === this.own ? this.text : await convert(this.text, form);
    return new Resource(contentTypes[form], text);
  }
}

/** Reads the text of a document from a file. Throws a PotterError that says what to do if it cannot be read. */
export function readDocument(file: URL | string): string {
  const path = file instanceof URL ? fileURLToPath(file) : resolve(file);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    const message = `the OpenAPI document ${path} ${reason}: generate it first, or correct \`file\``;
    throw new PotterError("failed_precondition", message, { cause });
  }
}

function readForm(text: string): Form {
  if (text.trim() === "") {
    throw new PotterError("invalid_argument", "the OpenAPI document is empty: expected YAML or JSON");
  }
  if (!text.trimStart().startsWith("{")) return "yaml";
  try {
    JSON.parse(text);
  } catch (cause) {
    const message = `the OpenAPI document starts like JSON and is not valid: ${(cause as Error).message}`;
    throw new PotterError("invalid_argument", message, { cause });
  }
  return "json";
}

async function convert(text: string, form: Form): Promise<string> {
  const yaml = await import("js-yaml").catch((cause: unknown) => {
    const message = `this server cannot convert the document to ${form.toUpperCase()}: install the package js-yaml`;
    throw new HttpError(501, "unimplemented", message, { cause });
  });
  return form === "json"
    ? JSON.stringify(yaml.load(text), undefined, 2)
    : yaml.dump(JSON.parse(text), { noRefs: true, lineWidth: -1 });
}
