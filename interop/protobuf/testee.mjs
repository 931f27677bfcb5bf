// The program that protobuf's conformance test runner talks to: requests on standard input, responses on standard output, each
// preceded by its length. It reads and writes JSON as REST does, the parsing of the text included.
//
//   node testee.mjs <descriptor set> <file that takes the number of skipped cases, by reason>
import { readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { readJsonText } from "../../runtime/dist/http/index.js";
import { es } from "../../runtime/dist/message/index.js";

const [descriptorSet, statistics] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorSet)));
const requestType = registry.getMessage("conformance.ConformanceRequest");
const responseType = registry.getMessage("conformance.ConformanceResponse");

const protobuf = 1;
const json = 2;
const ignoreUnknown = 3;

const skipped = {};

function skip(value) {
  skipped[value] = (skipped[value] ?? 0) + 1;
  return { case: "skipped", value };
}

function respond({ payload, requestedOutputFormat: output, messageType, testCategory }) {
  const reads = payload.case === "jsonPayload" || payload.case === "protobufPayload";
  if (!reads || (output !== protobuf && output !== json)) return skip("text format");
  if (payload.case === "protobufPayload" && output === protobuf) return skip("binary format only");
  if (testCategory === ignoreUnknown) return skip("unknown fields are ignored: Potter refuses them");
  const schema = registry.getMessage(messageType);
  if (schema === undefined) return { case: "runtimeError", value: `there is no message ${messageType}` };
  const codec = es(schema);
  let message;
  try {
    message =
      payload.case === "jsonPayload" ? codec.fromJson(readJsonText(payload.value, 100)) : codec.decode(payload.value);
  } catch (error) {
    return { case: "parseError", value: String(error) };
  }
  try {
    return output === json
      ? { case: "jsonPayload", value: codec.toJsonText(message) }
      : { case: "protobufPayload", value: codec.encode(message) };
  } catch (error) {
    return { case: "serializeError", value: String(error) };
  }
}

/** The next bytes of standard input; undefined: it has ended. */
function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(0, bytes, at, length - at, null);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

function write(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

for (let head = read(4); head !== undefined; head = read(4)) {
  const body = read(head.readUInt32LE());
  if (body === undefined) break;
  const result = respond(fromBinary(requestType, body));
  const bytes = toBinary(responseType, { $typeName: responseType.typeName, result });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  write(length);
  write(bytes);
}
// The runner starts the program once for each of its suites.
if (Object.keys(skipped).length > 0) writeFileSync(statistics, `${JSON.stringify(skipped)}\n`, { flag: "a" });
