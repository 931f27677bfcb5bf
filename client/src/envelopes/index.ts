// Messages of streams, preceded by flags and length: the framing of gRPC and of the streams of Connect.
export { type Envelope, readEnvelopes, toEnvelope } from "./envelopes.js";
export { type Framing, requestFraming, responseFraming } from "./framing.js";
