// HTTP/2: sessions of node:http2, served on its stream API. Its compatibility API costs more and hides trailers and resets.
export { Http2Server } from "./http2-server.js";
