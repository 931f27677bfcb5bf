import type { HttpFields } from "../../../http/index.js";
import { type Exchange, reserveFields } from "../calls/index.js";

const reserved = reserveFields("connect-content-encoding", "connect-accept-encoding");

/** The headers that the handler has added. Throws a PotterError `internal` for invalid ones, once. */
export function headersOf(exchange: Exchange): HttpFields {
  return exchange.headers(reserved);
}

/** The trailers that the handler has added. Throws a PotterError `internal` for invalid ones, once. */
export function trailersOf(exchange: Exchange): HttpFields {
  return exchange.trailers(nothing);
}

const nothing: HttpFields = Object.freeze({});
