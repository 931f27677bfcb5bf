// HTTP/1.1: connections of node:http, pipelined requests, upgrades to WebSockets.
export { Http1Server } from "./http1-server.js";
export { refuseConnection } from "./refuse-connection.js";
