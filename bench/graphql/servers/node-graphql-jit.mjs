import { createServer } from "node:http";
import { parse, validate } from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";
import { listen } from "../../harness/listen.mjs";
import { createShop } from "../schema.mjs";

export const name = "node:http + graphql-jit, documents kept (floor)";

export function start() {
  const { schema, createContext } = createShop();
  const kept = new Map();

  const compile = (text) => {
    const document = parse(text);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const compiled = compileQuery(schema, document);
    if (!isCompiledQuery(compiled)) return compiled;
    kept.set(text, compiled);
    return compiled;
  };

  const send = (response, status, body) => {
    response.statusCode = status;
    response.setHeader("content-type", "application/graphql-response+json; charset=utf-8");
    response.end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", async () => {
      try {
        const { query, variables } = JSON.parse(text);
        const compiled = kept.get(query) ?? compile(query);
        if ("errors" in compiled) return send(response, 400, compiled);
        send(response, 200, await compiled.query(undefined, createContext(), variables ?? {}));
      } catch (error) {
        send(response, 400, { errors: [{ message: error.message }] });
      }
    });
  });
  return listen(server);
}
