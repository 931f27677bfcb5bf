import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { suggest } from "../../../diagnostics/index.js";
import { Audience } from "../../../json-schema/index.js";
import type { Model, OpenApiFacts } from "../../../model/index.js";
import { OptionError } from "../../index.js";
import { everything, type OpenApiOptions } from "./options.js";

/** Selects what documents contain, by the plugin options. */
export class Filter {
  readonly facts: OpenApiFacts;
  readonly audience: Audience;
  /** Whether the options exclude anything. */
  readonly narrows: boolean;
  private readonly services: readonly string[] | undefined;
  private readonly tags: readonly string[] | undefined;

  constructor(
    { files, openapi: facts }: Model,
    { services, tags, visibility }: Pick<OpenApiOptions, "services" | "tags" | "visibility">,
  ) {
    this.facts = facts;
    this.audience = new Audience(facts, toNames(visibility));
    const all = files.flatMap((file) => file.services.map(({ desc }) => desc)).filter((desc) => this.shows(desc));
    this.services = toNames(services);
    check("services", "service", this.services, [...new Set(all.flatMap(({ name, typeName }) => [name, typeName]))]);
    this.tags = toNames(tags);
    check("tags", "tag", this.tags, [
      ...new Set(all.flatMap((desc) => desc.methods.flatMap((rpc) => this.tagsOf(rpc)))),
    ]);
    this.narrows = [services, tags, visibility].some((option) => option !== everything);
  }

  /** Whether a service has an operation to document. */
  hasService(desc: DescService): boolean {
    const { services } = this;
    const isNamed = services === undefined || services.includes(desc.name) || services.includes(desc.typeName);
    return isNamed && this.shows(desc) && (this.tags === undefined || desc.methods.some((rpc) => this.hasMethod(rpc)));
  }

  hasMethod(desc: DescMethod): boolean {
    return (
      !this.audience.hidesMethod(desc) &&
      (this.tags === undefined || this.tagsOf(desc).some((tag) => this.tags?.includes(tag)))
    );
  }

  /** The tags of an rpc. A service without a tag has its short name here, even if two services share it. */
  private tagsOf(desc: DescMethod): readonly string[] {
    return this.facts.operation(desc).tags ?? [this.facts.service(desc.parent).tag ?? desc.parent.name];
  }

  private shows(desc: DescService): boolean {
    return !this.audience.hidesService(desc);
  }
}

/** The names in an option value, separated by `+`; undefined for everything. */
function toNames(value: string): readonly string[] | undefined {
  return value === everything ? undefined : value.split("+").filter((name) => name !== "");
}

function check(option: string, kind: string, names: readonly string[] | undefined, known: readonly string[]): void {
  if (names?.length === 0)
    throw new OptionError(
      `the option "${option}" is empty: expected names with "+" between them, or "*" for everything`,
    );
  for (const name of names ?? []) {
    if (known.includes(name)) continue;
    const meant = suggest(name, known);
    const hint = meant === "" ? "" : `; did you mean "${meant}"?`;
    throw new OptionError(`the option "${option}" names an unknown ${kind}: "${name}"${hint}`);
  }
}
