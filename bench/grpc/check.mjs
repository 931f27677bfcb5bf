import { connect } from "node:http2";
import { isDeepStrictEqual } from "node:util";
import { small, toJson } from "../harness/echo.mjs";
import { toFrame } from "./frames.mjs";

/** Checks what the load does not meet: an unknown method and a malformed message are refused. */
export async function checkRefusals(server, port, { protocol }) {
  for (const [method, body] of [
    ["Unknown", Buffer.alloc(0)],
    // A string of 127 bytes, of which none follows.
    ["Echo", Buffer.from([10, 127])],
  ]) {
    const status = await (protocol === "grpc"
      ? callGrpc(port, method, toFrame(body))
      : callConnect(port, method, body));
    if (status === "ok") throw new Error(`${server.name} accepts a wrong call of ${method}`);
  }
}

/** The whole answer in JSON, of which the load checks the beginning. */
export async function checkJson(server, port) {
  const response = await send(port, "Echo", "application/json", JSON.stringify(toJson(small)));
  const answer = await response.json();
  if (response.status !== 200 || !isDeepStrictEqual(answer, toJson(small))) {
    throw new Error(`${server.name} answers ${response.status} ${JSON.stringify(answer)}`);
  }
}

function callGrpc(port, method, frame) {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", reject);
    const stream = session.request({
      ":method": "POST",
      ":path": `/bench.echo.v1.EchoService/${method}`,
      "content-type": "application/grpc+proto",
      te: "trailers",
    });
    let status;
    const take = (fields) => {
      status ??= fields["grpc-status"];
    };
    stream.on("response", take).on("trailers", take).on("error", reject).resume();
    stream.on("close", () => {
      session.destroy();
      resolve(status === "0" ? "ok" : "refused");
    });
    stream.end(frame);
  });
}

async function callConnect(port, method, body) {
  const response = await send(port, method, "application/proto", body);
  await response.arrayBuffer();
  return response.status === 200 ? "ok" : "refused";
}

function send(port, method, type, body) {
  return fetch(`http://127.0.0.1:${port}/bench.echo.v1.EchoService/${method}`, {
    method: "POST",
    headers: { "content-type": type, connection: "close" },
    body,
  });
}
