// Apps on one store whose account service has commands, and a query of a read model that adds up deposits.
import type { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { createAccount, Deposited, deposit, open } from "../aggregate/account.fixture.js";
import { defineService } from "../codegen/index.js";
import {
  type AnyMethod,
  type CallOptions,
  type CallResult,
  type CarriedWait,
  Metadata,
  type Method,
} from "../cqrs/index.js";
import { type Part, type WaitOptions, waits } from "../engines/index.js";
import type { Es } from "../message/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { getTotal, sumOf, Total, type TotalTypes, totals } from "./total.fixture.js";

type Text = Es<typeof StringValueSchema>;

export const getBalance: Method<Text, Text, "unary", "query"> = {
  ...getTotal,
  service: "test.v1.AccountService",
  name: "GetBalance",
};

interface BalanceTypes {
  readonly methods: { readonly getBalance: typeof getBalance };
  readonly commands: object;
  readonly errors: object;
  readonly queries: "getBalance";
  readonly views: { readonly total: TotalTypes };
}

const AccountService = defineService<BalanceTypes>({
  typeName: "test.v1.AccountService",
  methods: { getBalance },
  errors: {},
  views: () => ({ total: Total }),
});

/** What a call has led to, with the metadata of its response. */
export interface Called extends CallResult {
  readonly headers: Metadata;
}

export interface ReplicaOptions {
  readonly waits?: WaitOptions;
  readonly projection?: Parameters<typeof totals>[0];
  readonly parts?: readonly Part[];
}

/** An app that shares its store with others, as one of several processes. */
export class Replica {
  readonly app: App;

  constructor(
    store: Store,
    { waits: options = { events: [Deposited] }, projection = {}, parts = [] }: ReplicaOptions = {},
  ) {
    const shared: Store = { ...store, start: async () => {}, stop: async () => {} };
    const queries = AccountService.queries({ getBalance: (query, { views }) => views.total.get(query.value) });
    const all = [createAccount(), totals(projection), queries, ...parts];
    this.app = createApp({ parts: all, store: shared, waits: waits(options) });
  }

  async call(method: AnyMethod, value: string, wait?: CarriedWait, options: CallOptions = {}): Promise<Called> {
    const headers = new Metadata();
    const request = method.request.create({ value });
    const result = await this.app.dispatch(method, request, {
      ...options,
      ...(wait && { wait }),
      responseHeaders: headers,
    });
    return { ...result, headers };
  }

  open(id: string, wait?: CarriedWait, options?: CallOptions): Promise<Called> {
    return this.call(open as unknown as AnyMethod, id, wait, options);
  }

  deposit(id: string, amount: number, wait?: CarriedWait, options?: CallOptions): Promise<Called> {
    return this.call(deposit as unknown as AnyMethod, `${id}:${amount}`, wait, options);
  }

  /** The sum of the deposits, as the read model has it; -1 if it knows no such account. */
  async balance(id: string, wait?: CarriedWait, options?: CallOptions): Promise<number> {
    try {
      const { response } = await this.call(getBalance as unknown as AnyMethod, id, wait, options);
      return sumOf(response as never);
    } catch (error) {
      if ((error as { code?: string }).code === "not_found") return -1;
      throw error;
    }
  }
}
