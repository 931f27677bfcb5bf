import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";

let project: TestProject;
let errors: string[];
beforeEach(() => {
  errors = [];
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  project = createProject();
  project.remove("proto");
  project.write(
    "proto/trip.proto",
    `syntax = "proto3";
package trips;
import "potter/v1/options.proto";
message Trip {
  option (potter.v1.saga) = {
    trigger: "Booked"
    step: {name: "book" comand: "Book"}
  };
  string id = 1 [(potter.v1.field).idd = true];
}
`,
  );
});
afterEach(() => project.delete());

it.each([[["generate"]], [["lock"]]])("of options that do not exist are named with those that do: %j", async (argv) => {
  expect(await main(argv, project.folder)).toBe(1);
  const text = errors.join("\n");
  expect(text).toMatch(/proto\/trip\.proto:6:5: .*SagaOptions has no field trigger/);
  expect(text).toMatch(/hint: its fields are .*starts_on/);
  expect(text).toContain("SagaStep has no field comand");
  expect(text).toContain("hint: did you mean command? its fields are name, ");
  expect(text).toContain("FieldOptions has no field idd");
  expect(text).toContain("hint: did you mean id?");
  expect(text).not.toContain("cannot resolve");
});
