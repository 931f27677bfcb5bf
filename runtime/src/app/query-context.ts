import { type CallContext, type Clock, ForwardedContext, type View } from "../cqrs/index.js";

/** The context of a query handler: the context of the call, with views. */
export class DefaultQueryContext extends ForwardedContext implements Clock {
  readonly views: { readonly [name: string]: View };

  constructor(call: CallContext & Clock, views: { readonly [name: string]: View }) {
    super(call);
    this.views = views;
  }

  now(): Date {
    return this.call.now();
  }
}
