import { badRequest, request } from "./order.mjs";

/** Checks that a valid order is placed and can be read, and that invalid orders and an unknown route are refused. */
export async function checkAnswers(server, port, { key }) {
  const send = (path, data) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { "content-type": "application/json", connection: "close" },
      ...(data !== undefined && { method: "POST", body: JSON.stringify(data) }),
    });
  const good = await send("/v1/orders", request);
  const answer = await good.json();
  if (good.status !== 200 || Object.keys(answer).join() !== "orderId" || answer.orderId.length < 20) {
    throw new Error(`${server.name} answers ${good.status} ${JSON.stringify(answer)}`);
  }
  for (const [path, data, status] of [
    ["/v1/orders", badRequest, 400],
    ["/v1/orders", { ...request, lines: [{ ...request.lines[0], quantity: "many" }] }, 400],
    ["/v1/orders", { ...request, customerEmail: "nobody" }, 400],
    ["/v1/orders", { ...request, colour: "red" }, 400],
    ["/v1/unknown", request, 404],
    ...(key === "get" ? [["/v1/orders/nobody-placed-it", undefined, 404]] : []),
  ]) {
    const refused = await send(path, data);
    await refused.text();
    if (refused.status !== status) throw new Error(`${server.name} answers ${refused.status} instead of ${status}`);
  }
  if (key === "get") checkView(server, answer.orderId, await (await send(`/v1/orders/${answer.orderId}`)).json());
}

/** ProtoJSON writes integers of 64 bits as strings. */
function checkView(server, orderId, view) {
  const lines = view.lines?.map((line) => ({ ...line, unitPrice: Number(line.unitPrice) }));
  const age = Date.now() - Date.parse(view.placedAt);
  const right =
    view.orderId === orderId &&
    view.status === "ORDER_STATUS_PLACED" &&
    Number(view.total) === 8458 &&
    JSON.stringify(lines) === JSON.stringify(request.lines) &&
    age >= 0 &&
    age < 60_000;
  if (!right) throw new Error(`${server.name} tells of the order ${JSON.stringify(view)}`);
}
