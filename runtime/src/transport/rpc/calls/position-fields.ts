import type { HttpFields } from "../../../http/index.js";
import type { Exchange } from "./exchange.js";
import type { ResponseItems } from "./response-items.js";

// Messages of gRPC and Connect have no room for the position of each item. What can be told is where a stream begins, as a header, and
// after which item it has ended, as a trailer: under the name by which requests resume.

/** The trailer with the position of the last item. Without one that no header can hold. */
export function positionFields(position: string | undefined): HttpFields {
  return position === undefined || !validValue.test(position) ? noFields : { "last-event-id": position };
}

/** The header with the position at which a stream begins. Not the one that the client has sent itself, which may turn out to be lost. */
export function beginFields({ begin }: ResponseItems, { request }: Exchange): HttpFields {
  return begin === undefined || begin === request.header("last-event-id") ? noFields : positionFields(begin);
}

/** What a header can hold. */
const validValue = /^[\x20-\x7e]+$/;

const noFields: HttpFields = Object.freeze({});
