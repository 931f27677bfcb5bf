import { expect, it } from "vitest";
import { asyncapi } from "../targets/asyncapi/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import { defaultsOf } from "../targets/index.js";
import { openapi } from "../targets/openapi/index.js";
import { saga } from "../targets/saga/index.js";
import { requestScenario } from "../testing/index.js";
import { generate } from "./generate.js";

it.each([asyncapi, cqrs, graphql, openapi, saga])("omitted options of $name have their defaults", (target) => {
  const filesOf = (options: Readonly<Record<string, string>>) =>
    generate(requestScenario("annotated"), [{ target, options }], "test").files;
  expect(filesOf({})).not.toEqual([]);
  expect(filesOf({})).toEqual(filesOf(defaultsOf(target.options)));
});
