// Prints what the target `graphql` writes for each of the requests that files hold, as a JSON array.
import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { generate, graphql } from "@potter/generator";

const options = { output: "merged", federation: "on", lock: "", import_extension: "js" };
const written = process.argv.slice(2).map((path) => {
  const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(path));
  return generate(request, [{ target: graphql, options }], "test").files;
});
process.stdout.write(JSON.stringify(written));
