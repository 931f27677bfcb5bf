import type { Socket } from "node:net";
import type { Code } from "../../../errors/index.js";
import { HttpError, problemResponse } from "../../../http/index.js";
import { newId } from "../../../message/index.js";
import { release } from "../exchange/index.js";

/** Sends an error to a connection without a request, and closes it. */
export function refuseConnection(
  socket: Socket,
  status: number,
  code: Code,
  message: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const error = new HttpError(status, code, message, { headers: more });
  const { headers, body } = problemResponse(error, { correlationId: newId() });
  const lines = Object.entries({ ...headers, connection: "close", "content-length": Buffer.byteLength(String(body)) });
  socket.write(`HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
  release(socket);
}

/** Answers input that never became a request: it is malformed, too slow, or its head is too large. */
export function refuseInput(error: NodeJS.ErrnoException, socket: Socket): void {
  const [status, message] =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ([408, "the request took too long to arrive"] as const)
      : error.code === "HPE_HEADER_OVERFLOW"
        ? ([431, "the head of the request is too large"] as const)
        : ([400, "the request is not valid HTTP"] as const);
  refuseConnection(socket, status, "invalid_argument", message);
}
