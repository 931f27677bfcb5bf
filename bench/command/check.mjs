import { badRequest, request } from "../http/order.mjs";

/**
 * Checks that an order is placed and can be read, that lines can be added to one, and that invalid orders are refused. To a
 * server that has stored nothing.
 */
export async function checkAnswers(server) {
  const { port, base, hasRows } = server;
  const send = async (path, data) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { "content-type": "application/json", connection: "close" },
      ...(data !== undefined && { method: "POST", body: JSON.stringify(data) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const placed = await send(base, request);
  if (placed.status !== 200 || !(placed.body.orderId?.length >= 20)) throw wrong(server, placed);
  const added = await send(`${base}/an%20order/lines`, request);
  if (added.status !== 200 || added.body.orderId !== "an order") throw wrong(server, added);
  for (const [path, data] of [
    [base, badRequest],
    [base, { ...request, customerEmail: "nobody" }],
    [`${base}/an%20order/lines`, { ...request, colour: "red" }],
  ]) {
    const refused = await send(path, data);
    if (refused.status !== 400) throw wrong(server, refused);
  }
  const { events, rows } = await server.ask({ kind: "stored" });
  if (events !== 2 || rows !== (hasRows ? 2 : 0))
    throw new Error(`${server.name} has stored ${events} events, ${rows} rows`);
  if (hasRows) {
    for (const id of [placed.body.orderId, "an order"]) {
      const { status, body } = await send(`${base}/${encodeURIComponent(id)}`);
      const lines = body.lines?.map((line) => ({ ...line, unitPrice: Number(line.unitPrice) }));
      const isRight =
        body.orderId === id && Number(body.total) === 8458 && JSON.stringify(lines) === JSON.stringify(request.lines);
      if (status !== 200 || !isRight) throw wrong(server, { status, body });
    }
    const missing = await send(`${base}/nobody-placed-it`);
    if (missing.status !== 404) throw wrong(server, missing);
  }
}

function wrong({ name }, { status, body }) {
  return new Error(`${name} answers ${status} ${JSON.stringify(body)}`);
}
