import type { Bound, Call, Filter, Page, PageRequest, ReadModelDefinition, View } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { invalidPage, listOf } from "../../paging/index.js";
import type { RowCondition, RowReader, RowValue } from "../../store/ports/index.js";
import type { ViewSource } from "./view-source.js";

const defaultPageSize = 50;
const maxPageSize = 1000;
const wrongToken =
  "is not of this list: send the next_page_token of the page before and all else unchanged, or none for the first page";

/** The rows of a read model, as one call sees them: those of its tenant. */
export class RowView implements View {
  private readonly source: ViewSource;
  private readonly call: Call;
  private readonly conditions: readonly RowCondition[];

  constructor(source: ViewSource, call: Call, conditions: readonly RowCondition[] = []) {
    this.source = source;
    this.call = call;
    this.conditions = conditions;
  }

  /** Not async, so that a known table costs no additional promise. */
  get(key: unknown): Promise<unknown> {
    const { rows } = this.source;
    const table = this.source.table();
    const { tenant } = this.call.context;
    return table instanceof Promise
      ? table.then((known) => rows.get(known, tenant, String(key)))
      : rows.get(table, tenant, String(key));
  }

  watch(key: unknown): AsyncIterable<unknown> {
    // Read only here, since creating a signal is expensive.
    const { context } = this.call;
    return this.source.watchers.watch(context.tenant, String(key), context.signal);
  }

  where(filter: Filter<unknown>): RowView {
    const added = toConditions(this.source.definition, filter);
    return new RowView(this.source, this.call, [...this.conditions, ...added]);
  }

  async page({ pageSize = 0, pageToken = "" }: PageRequest): Promise<Page<unknown>> {
    if (pageSize < 0) throw invalidPage("page_size", "must not be negative");
    const limit = pageSize === 0 ? defaultPageSize : Math.min(pageSize, maxPageSize);
    let list: Uint8Array | undefined;
    let after: string | undefined;
    if (pageToken !== "") {
      list = this.list();
      const codec = this.source.tokens.codec();
      after = (codec instanceof Promise ? await codec : codec).open(list, pageToken);
      if (after === undefined) throw invalidPage("page_token", wrongToken);
    }
    // One more than requested shows whether there is a next page.
    const found = await this.scan(limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    let nextPageToken = "";
    if (found.length > limit && last !== undefined) {
      const codec = this.source.tokens.codec();
      nextPageToken = (codec instanceof Promise ? await codec : codec).seal(list ?? this.list(), last.key);
    }
    return { items: items.map(({ row }) => row), nextPageToken };
  }

  async first(): Promise<unknown> {
    return (await this.scan(1))[0]?.row;
  }

  async count(): Promise<number> {
    return this.source.rows.count(await this.source.table(), this.call.context.tenant, this.conditions);
  }

  /** Identifies the list that the pages of this view belong to. */
  private list(): Uint8Array {
    const { method, request, context } = this.call;
    const readModel = this.source.definition.codec.typeName;
    return listOf({ method, request, tenant: context.tenant }, ["rows", readModel, this.conditions.map(nameCondition)]);
  }

  private async scan(limit: number, after?: string): ReturnType<RowReader["scan"]> {
    const scan = { conditions: this.conditions, limit, ...(after !== undefined && { after }) };
    return this.source.rows.scan(await this.source.table(), this.call.context.tenant, scan);
  }
}

const operators = new Set(["eq", "ne", "lt", "lte", "gt", "gte", "in"]);

function toConditions({ codec, name }: ReadModelDefinition, filter: object): RowCondition[] {
  const conditions: RowCondition[] = [];
  for (const [property, bound] of Object.entries(filter)) {
    if (bound === undefined) continue;
    const field = codec.schema.fields.find((f) => f.localName === property || f.jsonName === property);
    if (field === undefined || (field.fieldKind !== "scalar" && field.fieldKind !== "enum")) {
      throw new PotterError(
        "internal",
        `${name} cannot be filtered by ${property}: no field of a simple type has that name`,
      );
    }
    const bounds: Bound<RowValue> = typeof bound === "object" ? (bound as Bound<RowValue>) : { eq: bound as RowValue };
    for (const [op, value] of Object.entries(bounds)) {
      if (value === undefined) continue;
      if (!operators.has(op))
        throw new PotterError(
          "internal",
          `${op} is no bound for ${name}.${property}: expected ${[...operators].join(", ")}`,
        );
      conditions.push({ field: field.name, op: op as RowCondition["op"], value: value as RowValue });
    }
  }
  return conditions;
}

/**
 * The part of a condition that identifies a list. Bounds of ranges are left out: those from the request are identified by the
 * request, and others, such as the present time, change from page to page.
 */
function nameCondition({ field, op, value }: RowCondition): readonly string[] {
  if (op !== "eq" && op !== "ne" && op !== "in") return [field, op];
  const values = Array.isArray(value) ? value : [value];
  return [field, op, ...values.map((one) => `${typeof one} ${String(one)}`)];
}
