import pg from "pg";
import {
  AccountView,
  AccountViewSchema,
  createLedgerApp,
  deposit,
  fromBinary,
  postgres,
} from "../../potter/dist/ledger.mjs";

/** An app with an async projection to rows of the store. It answers once the view has applied what a command recorded. */
export function createViews({ url, connections }) {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  let app;
  async function close() {
    await app?.stop();
    app = undefined;
    await admin.query(`TRUNCATE potter.projections, potter.projection_shards, potter.projection_workers,
      potter.dead_letters, potter.rows`);
  }
  return {
    close,
    async open() {
      await close();
      app = createLedgerApp(postgres({ url, connections }), "async");
      await app.start();
      await app.waitForProjections();
    },
    async rebuild() {
      const projection = app.projection(AccountView);
      const { generation } = await projection.rebuild();
      while (projection.builds[0]?.generation !== generation || projection.status.state !== "live") {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    async deposit(accountId, amount) {
      const request = { accountId, amount: BigInt(amount), currency: "EUR", reference: "invoice" };
      await app.send(deposit, request, { waitFor: [AccountView] });
    },
    async sums() {
      const { rows } = await admin.query(`SELECT data FROM potter.rows r JOIN potter.projections p
        ON p.version = r.version AND p.generation = r.generation AND p.state = 'live'`);
      const views = rows.map(({ data }) => fromBinary(AccountViewSchema, data));
      return { accounts: views.length, total: views.reduce((sum, { total }) => sum + Number(total), 0) };
    },
  };
}
