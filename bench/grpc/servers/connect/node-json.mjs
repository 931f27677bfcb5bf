import { createServer } from "node:http";
import { echo } from "../../../harness/echo.mjs";
import { listen } from "../../../harness/listen.mjs";

export const name = "node:http + JSON.parse, fields not checked";
/** The works that it serves. */
export const keys = ["connect-json"];

/** What JSON costs without messages: it would accept any fields of any type. */
export function start() {
  const server = createServer((request, response) => {
    if (request.url !== "/bench.echo.v1.EchoService/Echo") return refuse(response, 404, "unimplemented");
    if (request.headers["content-type"] !== "application/json") return refuse(response, 415, "unknown");
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      let message;
      try {
        message = JSON.parse(text);
      } catch {
        return refuse(response, 400, "invalid_argument");
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(echo(message)));
    });
  });
  return listen(server);
}

function refuse(response, status, code) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code }));
}
