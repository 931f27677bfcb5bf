import type { Problem } from "@potter/runtime/transport";
import { WebSocket } from "ws";
import type { Caller, Outcome, TrialCall } from "../caller.js";
import { toFailure } from "./rest.js";

interface Frame {
  readonly id?: number;
  readonly method?: string;
  readonly params?: readonly unknown[];
  readonly result?: { readonly response?: unknown; readonly version?: number };
  readonly error?: { readonly data: Problem & { readonly retryAfter?: number } };
}

/** Calls over one WebSocket, by the protocol potter.v1.json. */
export async function webSocket(url: string): Promise<Caller> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, "potter.v1.json");
  const running = new Map<number, (frame: Frame) => void>();
  socket.on("message", (data) => {
    const frame = JSON.parse(data.toString()) as Frame;
    if (frame.method === "$/ping") return send({ id: frame.id, result: {} });
    const id = frame.id ?? frame.params?.[0];
    running.get(id as number)?.(frame);
  });
  await new Promise<void>((resolve, reject) => socket.on("open", resolve).on("error", reject));
  let last = 0;

  const send = (frame: object): void => socket.send(JSON.stringify({ jsonrpc: "2.0", ...frame }));

  const call = (trial: TrialCall): Promise<Outcome> => {
    const { method, requests, commandId, expectedVersion, after, timeout, cancel, take } = trial;
    const id = ++last;
    const responses: unknown[] = [];
    const isSent = method.stream === "client" || method.stream === "bidi";
    const isReceived = method.stream === "server" || method.stream === "bidi";
    const meta = { commandId, expectedVersion, after, timeout, ...(isReceived && { credit: 4 }) };
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        running.delete(id);
        resolve(outcome);
      };
      let [sent, credit] = [0, 16];
      const sendItems = (): void => {
        for (; credit > 0 && sent < requests.length; credit--) {
          send({ method: "$/item", params: [id, requests[sent++]] });
        }
        if (sent === requests.length) {
          send({ method: "$/end", params: [id] });
          sent++;
        }
      };
      running.set(id, ({ method: name, params, result, error }) => {
        if (name === "$/item") {
          responses.push(params?.[1]);
          if (responses.length === take) {
            send({ method: "$/cancel", params: [id] });
            end({ code: "ok", responses });
          } else send({ method: "$/credit", params: [id, 1] });
        } else if (name === "$/credit") {
          credit += params?.[1] as number;
          sendItems();
        } else if (error !== undefined) {
          end({ ...toFailure(error.data, null), responses, retryAfter: error.data.retryAfter });
        } else if (result !== undefined) {
          end({ code: "ok", responses: isReceived ? responses : [result.response], version: result.version });
        }
      });
      send({ id, method: `${method.service}/${method.name}`, params: [isSent ? null : requests[0], meta] });
      if (isSent) sendItems();
      cancel?.addEventListener("abort", () => send({ method: "$/cancel", params: [id] }));
    });
  };
  return { name: "WebSocket", call, close: () => socket.close() };
}
