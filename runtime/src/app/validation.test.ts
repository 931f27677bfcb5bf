import { create } from "@bufbuild/protobuf";
import { describe, expect, it, vi } from "vitest";
import { defineService } from "../codegen/index.js";
import type { AnyMethod, Method } from "../cqrs/index.js";
import { createBus } from "../cqrs/index.js";
import { compile } from "../message/fixture.test.proto.js";
import { es, type MessageTypes } from "../message/index.js";
import { loadValidation, protovalidate } from "../validation/index.js";
import type { AppOptions } from "./app-options.js";
import { createApp } from "./create-app.js";
import { responseValidation } from "./response-validation.js";
import { createRequestCheck } from "./validation.js";

const filled = { type: { case: "string", value: { minLen: 1n } } } as const;
const message = compile(
  [
    {
      name: "Place",
      fields: [
        { text: "string city", rules: filled },
        { text: "string street", rules: filled },
      ],
    },
    {
      name: "Author",
      fields: [
        { text: "string name", rules: filled },
        { text: "string title", rules: filled },
        "Place place",
        { text: "repeated string tags", rules: { type: { case: "repeated", value: { items: filled } } } },
        { text: "string email", oneof: "contact" },
        { text: "string phone", oneof: "contact" },
        "enum Genre genre",
        "repeated enum Genre genres",
        "map<string,int32> counts",
      ],
      required: ["contact"],
    },
    {
      name: "UpdateAuthor",
      fields: [
        { text: "Author author", rules: { required: true } },
        "google.protobuf.FieldMask update_mask",
        { text: "string reason", rules: filled },
      ],
    },
  ],
  { Genre: ["GENRE_UNSPECIFIED", "GENRE_CRIME"] },
);
const author = es(message("Author"));
const update = es(message("UpdateAuthor"));

const method = {
  service: "test.v1.Authors",
  name: "Update",
  kind: "command",
  stream: "unary",
  request: update,
  response: author,
  http: [],
  errors: {},
  rules: protovalidate,
  updateMask: { mask: "update_mask", resource: "author" },
} as unknown as AnyMethod;

async function refused(request: Record<string, unknown>, of: AnyMethod = method): Promise<readonly string[]> {
  const check = createRequestCheck(of, await loadValidation([of]));
  return (check?.(create(message("UpdateAuthor"), request))?.violations ?? []).map(
    ({ field, rule }) => `${field} ${rule}`,
  );
}

describe("an update of some fields", () => {
  const masked = (paths: string[], fields: object = {}, rest: object = { reason: "r" }) =>
    refused({ author: fields, updateMask: { paths }, ...rest });

  it("is not refused for invalid fields outside of its mask", async () => {
    expect(await masked(["title"], { title: "t" })).toEqual([]);
    expect(await masked(["place.city"], { place: { city: "c" } })).toEqual([]);
    expect(await masked([], {})).toEqual([]);
  });

  it("is refused for invalid fields in its mask", async () => {
    expect(await masked(["title"], { name: "n" })).toEqual(["author.title string.min_len"]);
    expect(await masked(["place"], { place: { city: "c" } })).toEqual(["author.place.street string.min_len"]);
    expect(await masked(["tags"], { tags: ["a", ""] })).toEqual(["author.tags[1] string.min_len"]);
    expect(await masked(["email"], {})).toEqual(["author.contact required"]);
  });

  it("is refused if it has so many invalid fields outside of its mask that others may not have been found", async () => {
    const tags = (count: number) => Array.from({ length: count }, () => "");
    expect(await masked(["title"], { title: "t", tags: tags(100) })).toEqual([" validation.incomplete"]);
    expect(await masked(["title"], { tags: tags(1_000) })).toEqual([" validation.incomplete"]);
    expect(await masked(["title"], { title: "t", tags: tags(90) })).toEqual([]);
  });

  it("is refused for invalid fields outside of the resource, and for a missing resource", async () => {
    expect(await masked(["title"], { title: "t" }, {})).toEqual(["reason string.min_len"]);
    expect(await refused({ updateMask: { paths: ["title"] }, reason: "r" })).toEqual(["author required"]);
  });

  it.each([
    ["a mask of all", { updateMask: { paths: ["*"] } }],
    ["no mask", {}],
  ])("with %s is validated as a whole", async (_, mask) => {
    const found = await refused({ author: {}, reason: "r", ...mask });
    expect(found.toSorted()).toEqual([
      "author.contact required",
      "author.name string.min_len",
      "author.title string.min_len",
    ]);
  });

  it("is validated as a whole if the contract declares no mask", async () => {
    const { updateMask: _, ...plain } = method;
    expect(await refused({ author: {}, reason: "r", updateMask: { paths: ["title"] } }, plain)).toHaveLength(3);
  });
});

describe("responses", () => {
  const valid = { name: "n", title: "t", contact: { case: "email", value: "e" } };

  async function answer(response: unknown, stream: "unary" | "server" = "unary") {
    const error = vi.fn();
    const checked = { ...method, stream } as AnyMethod;
    const bus = createBus({
      handlers: new Map([[checked, async () => ({ response })]]),
      middleware: [responseValidation(await loadValidation([method], { responses: true }), { has: () => true })],
      logger: { debug() {}, info() {}, warn() {}, error },
    });
    return { result: bus.dispatch(checked, update.create()), error };
  }

  it("pass if they are valid", async () => {
    const response = author.create({ ...valid, genre: 1, genres: [0, 1], counts: { a: 1 } });
    expect((await (await answer(response)).result).response).toBe(response);
  });

  it("that are invalid fail with an internal error, and only the log names their fields", async () => {
    const { result, error } = await answer(author.create({ ...valid, title: "", genre: 7, genres: [1, 9] }));
    const thrown = await result.catch((one: unknown) => one);
    expect(thrown).toMatchObject({ code: "internal", message: expect.not.stringMatching(/title|genre/) });
    const logged = error.mock.calls[0]?.[1] as { error: Error } | undefined;
    expect(logged?.error.message).toBe(
      [
        "test.v1.Authors.Update returned a response that violates its contract:",
        "  title: string.min_len, must be at least 1 characters",
        "  genre: must be a defined value of its enum",
        "  genres[1]: must be a defined value of its enum",
      ].join("\n"),
    );
  });

  it("of a stream are validated one by one", async () => {
    const items = async function* () {
      yield author.create(valid);
      yield author.create({});
    };
    const { response } = await (await answer(items(), "server")).result;
    const seen: unknown[] = [];
    const read = async () => {
      for await (const item of response as AsyncIterable<unknown>) seen.push(item);
    };
    await expect(read()).rejects.toThrow("name: string.min_len");
    expect(seen).toHaveLength(1);
  });
});

it("responses are validated if the app sets validateResponses", async () => {
  const get = { ...method, name: "Get", kind: "query", updateMask: undefined, request: author } as unknown as Method;
  const service = defineService({
    typeName: "test.v1.Authors",
    methods: { get },
    errors: {},
    views: () => ({}),
  } as unknown as Parameters<typeof defineService>[0]);
  const parts = [service.queries({ get: () => author.create() } as never)];
  const valid = { name: "n", title: "t", contact: { case: "email", value: "e" } };
  const send = (options: Partial<AppOptions>) =>
    createApp({ parts, ...options }).query(get as Method<MessageTypes, MessageTypes, "unary", "query">, valid);
  await expect(send({ validateResponses: true })).rejects.toMatchObject({ code: "internal" });
  await expect(send({})).resolves.toMatchObject({ name: "" });
});
