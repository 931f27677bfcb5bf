import type { oas32 } from "openapi3-ts";
import { type Audience, Schemas } from "../../../json-schema/index.js";
import type { FieldFacts, Model, OpenApiFacts } from "../../../model/index.js";
import type { OpenApiOptions } from "../selection/index.js";

/** The components of a document. What is referred to is added. */
export class Components {
  readonly version: OpenApiOptions["version"];
  readonly facts: OpenApiFacts;
  /** The fields with personal data, which problems never contain. */
  readonly personal: FieldFacts["personal"];
  readonly schemas: Schemas;
  readonly audience: Audience;
  private readonly parameters: Map<string, oas32.ParameterObject> = new Map();
  private readonly responses: Map<string, oas32.ResponseObject> = new Map();

  constructor(version: OpenApiOptions["version"], model: Pick<Model, "fields" | "openapi">, audience: Audience) {
    this.version = version;
    this.facts = model.openapi;
    this.personal = model.fields.personal;
    this.audience = audience;
    this.schemas = new Schemas("#/components/schemas/", this.facts, audience);
  }

  parameter(name: string, make: () => oas32.ParameterObject): oas32.ReferenceObject {
    if (!this.parameters.has(name)) this.parameters.set(name, make());
    return { $ref: `#/components/parameters/${name}` };
  }

  response(name: string, make: () => oas32.ResponseObject): oas32.ReferenceObject {
    if (!this.responses.has(name)) this.responses.set(name, make());
    return { $ref: `#/components/responses/${name}` };
  }

  /** All components that were referred to, by name. */
  toObject(): oas32.ComponentsObject {
    return {
      schemas: this.schemas.components,
      ...(this.parameters.size > 0 && { parameters: sorted(this.parameters) }),
      ...(this.responses.size > 0 && { responses: sorted(this.responses) }),
    };
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): { [name: string]: T } {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
