// The floor: node:http, which parses the body and checks nothing.
import { createServer } from "node:http";
import { answerParent } from "../started.mjs";

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { name } = JSON.parse(Buffer.concat(chunks).toString());
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ text: `Hello ${name}` }));
  });
});
server.listen(0, "127.0.0.1", () => answerParent(server.address().port));
