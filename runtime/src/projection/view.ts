import type { Bound, CallContext, Filter, Page, PageRequest, ReadModelDefinition, View } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { RowCondition, RowReader, RowValue } from "../event-store/index.js";
import type { ViewSource } from "./view-source.js";
import { watchRow } from "./watch.js";

const defaultPageSize = 50;
const maxPageSize = 1000;

/** Whose rows, and until when. The signal is asked for only where it is needed, since it is dear to make. */
type Caller = Pick<CallContext, "tenant" | "signal">;

/** The rows of a read model for one call: of its tenant, until its end. */
export class RowView implements View {
  private readonly source: ViewSource;
  private readonly caller: Caller;
  private readonly conditions: readonly RowCondition[];

  constructor(source: ViewSource, caller: Caller, conditions: readonly RowCondition[] = []) {
    this.source = source;
    this.caller = caller;
    this.conditions = conditions;
  }

  /** Not async: a table that is known costs no promise of its own. */
  get(key: unknown): Promise<unknown> {
    const { rows } = this.source;
    const table = this.source.table();
    const { tenant } = this.caller;
    return table instanceof Promise
      ? table.then((known) => rows.get(known, tenant, String(key)))
      : rows.get(table, tenant, String(key));
  }

  watch(key: unknown): AsyncIterable<unknown> {
    return watchRow(this.source, this.caller.tenant, String(key), this.caller.signal);
  }

  where(filter: Filter<unknown>): RowView {
    const added = toConditions(this.source.definition, filter);
    return new RowView(this.source, this.caller, [...this.conditions, ...added]);
  }

  async page({ pageSize = 0, pageToken = "" }: PageRequest): Promise<Page<unknown>> {
    if (pageSize < 0) throw invalidPage("page_size", "must not be negative");
    const limit = pageSize === 0 ? defaultPageSize : Math.min(pageSize, maxPageSize);
    const after = pageToken === "" ? undefined : fromToken(pageToken);
    // One more than asked for tells whether there is a next page.
    const found = await this.scan(limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ row }) => row),
      nextPageToken: found.length > limit && last !== undefined ? toToken(last.key) : "",
    };
  }

  async first(): Promise<unknown> {
    return (await this.scan(1))[0]?.row;
  }

  async count(): Promise<number> {
    return this.source.rows.count(await this.source.table(), this.caller.tenant, this.conditions);
  }

  private async scan(limit: number, after?: string): ReturnType<RowReader["scan"]> {
    const scan = { conditions: this.conditions, limit, ...(after !== undefined && { after }) };
    return this.source.rows.scan(await this.source.table(), this.caller.tenant, scan);
  }
}

const operators = new Set(["eq", "ne", "lt", "lte", "gt", "gte", "in"]);

function toConditions({ codec, name }: ReadModelDefinition, filter: object): RowCondition[] {
  const conditions: RowCondition[] = [];
  for (const [property, bound] of Object.entries(filter)) {
    if (bound === undefined) continue;
    const field = codec.schema.fields.find((f) => f.localName === property || f.jsonName === property);
    if (field === undefined || (field.fieldKind !== "scalar" && field.fieldKind !== "enum")) {
      throw new Error(`${name} cannot be filtered by ${property}: no field of a simple type has that name`);
    }
    const bounds: Bound<RowValue> = typeof bound === "object" ? (bound as Bound<RowValue>) : { eq: bound as RowValue };
    for (const [op, value] of Object.entries(bounds)) {
      if (value === undefined) continue;
      if (!operators.has(op))
        throw new Error(`${op} is no bound for ${name}.${property}: expected ${[...operators].join(", ")}`);
      conditions.push({ field: field.name, op: op as RowCondition["op"], value: value as RowValue });
    }
  }
  return conditions;
}

/** A page token is the key of the last row, made opaque so that nobody builds one. */
function toToken(key: string): string {
  const bytes = new TextEncoder().encode(key);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromToken(token: string): string {
  try {
    const bytes = Uint8Array.from(atob(token), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidPage("page_token", "must be a token from the answer before");
  }
}

function invalidPage(field: string, message: string): PotterError {
  return new PotterError("invalid_argument", `${field} ${message}`, {
    violations: [{ field, rule: "page", message }],
  });
}
