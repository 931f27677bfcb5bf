import { type CallContext, type Clock, ForwardedContext } from "../../cqrs/index.js";
import type { DecideContext } from "../declaration/index.js";

/** The third argument of `decide`. The time is read once, so that every try of a command sees the same. */
export class DefaultDecideContext extends ForwardedContext implements DecideContext {
  readonly id: string;
  version = 0;
  private time: number | undefined;

  constructor(call: CallContext & Clock, id: string) {
    super(call);
    this.id = id;
  }

  now(): Date {
    return new Date(this.milliseconds());
  }

  timestamp(): { seconds: bigint; nanos: number } {
    const milliseconds = this.milliseconds();
    const seconds = Math.floor(milliseconds / 1000);
    return { seconds: BigInt(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 };
  }

  private milliseconds(): number {
    this.time ??= this.call.now().getTime();
    return this.time;
  }
}
