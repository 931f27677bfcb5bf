// Generated clients have the declared errors in their types: the name of each error and its fields.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileClients } from "./compile-clients.js";
import type { ApiDocument, Version } from "./document.js";
import { writeDocuments } from "./documents.js";
import { heyApi, writeHeyApi } from "./hey-api.js";
import { oazapfts, writeOazapfts } from "./oazapfts.js";
import { orval, writeOrval } from "./orval.js";
import { contracts } from "./sources.js";
import { swaggerTypescriptApi, writeSwaggerTypescriptApi } from "./swagger-typescript-api.js";

interface Writer {
  readonly versions: readonly Version[];
  readonly write: (document: ApiDocument, folder: string) => Promise<void>;
  /** Code that declares `Failure`: the type of the error when an order cannot be cancelled. */
  readonly failure: string;
}

const writers: Readonly<Record<string, Writer>> = {
  oazapfts: {
    versions: oazapfts.versions,
    write: writeOazapfts,
    failure: `import type { orderServiceCancelOrder } from "./client";
type Failure = Extract<Awaited<ReturnType<typeof orderServiceCancelOrder>>, { status: 409 }>["data"];`,
  },
  "swagger-typescript-api": {
    versions: swaggerTypescriptApi.versions,
    write: writeSwaggerTypescriptApi,
    failure: `import { Api } from "./client";
type Cancel = Api<unknown>["v1"]["orderServiceCancelOrder"];
type Failure = Awaited<ReturnType<Cancel>>["error"];`,
  },
  "hey-api": {
    versions: heyApi.versions,
    write: writeHeyApi,
    failure: `import type { OrderServiceCancelOrderErrors } from "./client";
type Failure = OrderServiceCancelOrderErrors[409];`,
  },
  orval: {
    versions: orval.versions,
    write: writeOrval,
    failure: `import type { orderServiceCancelOrderResponse409 } from "./client";
type Failure = orderServiceCancelOrderResponse409["data"];`,
  },
};

/** A failure narrowed to a declared error has its fields, and no others. */
const uses = `
const name = "urn:proto:shop.orders.v1.OrderAlreadyShipped";
type Shipped = Extract<Failure, { type: typeof name }>;
type Whole = { status: 409; code: "failed_precondition"; error: { "@type": "shop.orders.v1.OrderAlreadyShipped"; orderId?: string } };
// Neither never nor any.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const isThere: Same<Shipped, never> = false;
export const isTyped: Same<Shipped["type"], typeof name> = true;
export const give = (failure: Shipped): Whole => failure;
export const read = (failure: Shipped): string | undefined => failure.error.orderId;
// @ts-expect-error the error has no such field
export const misread = (failure: Shipped) => failure.error.unheardOf;
`;

const [, request] = contracts.find(([name]) => name === "shop") as (typeof contracts)[number];

describe.each(Object.entries(writers))("a client of %s", (_, { versions, write, failure }) => {
  it("has the declared errors in its types, in every version of OpenAPI", async () => {
    const documents = versions.flatMap((version) => writeDocuments(request(), version));
    expect(documents).toHaveLength(versions.length);
    const problems = await compileClients(
      documents.map((document) => async (folder) => {
        await write(document, folder);
        await writeFile(join(folder, "uses.ts"), `${failure}\n${uses}`);
      }),
    );
    expect(problems).toEqual(versions.map(() => []));
  });
});
