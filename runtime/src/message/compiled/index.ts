// What `create`, `fromBinary` and `toBinary` of protobuf-es do, as straight-line code per message type where functions may be compiled from text. Input that it does not handle is left to protobuf-es.
export { type Create, compileCreate } from "./compile-create.js";
export { compileDecode, type Decode } from "./compile-decode.js";
export { compileEncode, type Encode } from "./compile-encode.js";
export { type Layout, type Member, printInitial, printMessage, readLayout } from "./layout.js";
