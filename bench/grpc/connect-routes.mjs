import { echo } from "../harness/echo.mjs";
import { EchoService } from "../potter/dist/echo-messages.mjs";

/** The handlers of connect-es, for both of its servers. */
export function routes(router) {
  router.service(EchoService, {
    echo: (request) => echo(request),
    async *repeat({ item, times }) {
      for (let sent = 0; sent < times; sent++) yield echo(item);
    },
    async collect(items) {
      let last;
      let count = 0;
      for await (const item of items) {
        last = item;
        count++;
      }
      return { last: echo(last), count };
    },
    async *chat(items) {
      for await (const item of items) yield echo(item);
    },
  });
}
