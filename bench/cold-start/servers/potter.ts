// Potter without rules.
import { createApp } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { PlainService } from "../../potter/gen/bench/start/v1/plain_cqrs.js";
import { answerParent } from "../started.mjs";

const app = createApp({
  parts: [PlainService.commands({ greet: async ({ name }) => ({ text: `Hello ${name}` }) })],
});
const server = await serve(app, { port: 0, host: "127.0.0.1" });
answerParent(Number(new URL(server.url).port));
