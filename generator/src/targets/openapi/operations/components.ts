import type { oas32 } from "openapi3-ts";
import { type Audience, Schemas } from "../../../json-schema/index.js";
import type { FieldFacts, Model, OpenApiFacts } from "../../../model/index.js";
import type { OpenApiOptions } from "../selection/index.js";

/** The components of a document. What is referred to is added. */
export class Components {
  readonly version: OpenApiOptions["version"];
  /** Whether clients can wait for what commands lead to. */
  readonly hasWaits: boolean;
  /** The id of the operation at which waits are resumed. */
  readonly waitOperationId: string;
  readonly facts: OpenApiFacts;
  /** The fields with personal data, which problems never contain. */
  readonly personal: FieldFacts["personal"];
  readonly schemas: Schemas;
  readonly audience: Audience;
  private readonly parameters: Map<string, oas32.ParameterObject> = new Map();
  private readonly responses: Map<string, oas32.ResponseObject> = new Map();
  private readonly headers: Map<string, oas32.HeaderObject> = new Map();
  private readonly links: Map<string, oas32.LinkObject> = new Map();

  constructor(
    { version, waits }: Pick<OpenApiOptions, "version" | "waits">,
    model: Pick<Model, "fields" | "openapi">,
    audience: Audience,
    operationIds: readonly string[],
  ) {
    this.version = version;
    this.hasWaits = waits === "on";
    const waitId = "WaitService_Wait";
    this.waitOperationId = operationIds.includes(waitId) ? `potter_v1_${waitId}` : waitId;
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

  header(name: string, make: () => oas32.HeaderObject): oas32.ReferenceObject {
    if (!this.headers.has(name)) this.headers.set(name, make());
    return { $ref: `#/components/headers/${name}` };
  }

  link(name: string, make: () => oas32.LinkObject): oas32.ReferenceObject {
    if (!this.links.has(name)) this.links.set(name, make());
    return { $ref: `#/components/links/${name}` };
  }

  /** All components that were referred to, by name. */
  toObject(): oas32.ComponentsObject {
    return {
      schemas: this.schemas.components,
      ...(this.parameters.size > 0 && { parameters: sorted(this.parameters) }),
      ...(this.responses.size > 0 && { responses: sorted(this.responses) }),
      ...(this.headers.size > 0 && { headers: sorted(this.headers) }),
      ...(this.links.size > 0 && { links: sorted(this.links) }),
    };
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): { [name: string]: T } {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
