// What users set: the options of `serve`, checked and with their defaults.
export type { Http2Options, Http2Settings } from "./http2-options.js";
export { readServeOptions, type ServeOptions, type ServeSettings } from "./serve-options.js";
export { renewTls, type TlsCertificate, type TlsMaterial } from "./tls-options.js";
export type { WebSocketUpgrade } from "./web-socket-upgrade.js";
