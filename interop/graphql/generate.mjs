// Prints what the target `graphql` writes for a request that a file holds, as JSON.
import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { generate, graphql } from "@potter/generator";

const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(process.argv[2] ?? ""));
const options = { output: "merged", federation: "on", lock: "", import_extension: "js" };
process.stdout.write(JSON.stringify(generate(request, [{ target: graphql, options }], "test").files));
