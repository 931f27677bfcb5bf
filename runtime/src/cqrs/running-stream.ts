import { FollowedItems } from "../async/index.js";
import type { DefaultCallContext } from "./call-context.js";
import type { CallContext } from "./context.js";
import type { Running } from "./running.js";

/** Where running work is listed. */
interface RunningList {
  begin(running: Running): boolean;
  end(running: Running): void;
}

/** The items of a streamed response, until it ends or is aborted. */
export class RunningStream<Item> extends FollowedItems<Item> implements Running {
  before: Running | undefined;
  after: Running | undefined;
  readonly context: CallContext | undefined;
  private readonly call: DefaultCallContext;

  constructor(calls: RunningList, call: DefaultCallContext, items: AsyncIterable<Item>) {
    super(items, {
      begin: () => calls.begin(this),
      end: () => {
        calls.end(this);
        call.release();
      },
    });
    this.call = call;
    this.context = call.context;
  }

  override fail(error: unknown): void {
    super.fail(error);
    this.call.fail(error);
  }
}
