import { setTimeout as wait } from "node:timers/promises";
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { ClientCompatRequest } from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { StreamType } from "../gen/connectrpc/conformance/v1/config_pb.js";

/** The requests of one call, sent and cancelled when it is demanded. */
export class Requests {
  private readonly request: ClientCompatRequest;
  private readonly controller: AbortController;
  private answer: () => void = () => {};

  constructor(request: ClientCompatRequest, controller: AbortController) {
    this.request = request;
    this.controller = controller;
  }

  /** The only request. */
  one<Desc extends DescMessage>(schema: Desc): MessageShape<Desc> {
    const [first] = this.all(schema);
    if (first === undefined) throw new Error("expected one request message, found none");
    return first;
  }

  /** The requests as a stream. In full duplex, each but the first waits for a response. */
  async *stream<Desc extends DescMessage>(schema: Desc): AsyncGenerator<MessageShape<Desc>> {
    const { requestDelayMs, streamType, cancel } = this.request;
    let answered: Promise<void> | undefined;
    for (const message of this.all(schema)) {
      await answered;
      if (requestDelayMs > 0) await wait(requestDelayMs);
      if (streamType === StreamType.FULL_DUPLEX_BIDI_STREAM) {
        answered = new Promise((resolve) => {
          this.answer = resolve;
        });
      }
      yield message;
    }
    await answered;
    if (cancel?.cancelTiming.case === "beforeCloseSend") this.controller.abort();
    else this.closed();
  }

  /** A response has arrived, or none will. */
  answered(): void {
    this.answer();
  }

  /** All requests have been sent. */
  closed(): void {
    const { cancel } = this.request;
    if (cancel === undefined) return;
    const { cancelTiming } = cancel;
    if (cancelTiming.case === undefined) this.controller.abort();
    else if (cancelTiming.case === "afterCloseSendMs") setTimeout(() => this.controller.abort(), cancelTiming.value);
  }

  private all<Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[] {
    return this.request.requestMessages.map(({ value }) => fromBinary(schema, value));
  }
}
