import { fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FieldOptionsSchema } from "@bufbuild/protobuf/wkt";
import { PersonalData, sealStore } from "../personal/index.js";
import type { Store } from "../store/ports/index.js";
import type { OpenStore } from "./cases/index.js";
import { noted } from "./cases/index.js";

/** Marks all fields of the test messages as personal data. For a test file of its own, since it is permanent. */
export function makeAllPersonal(): void {
  const marked = new BinaryWriter().tag(50708, WireType.LengthDelimited).bytes(new Uint8Array([3 << 3, 1]));
  for (const field of noted.codec.schema.fields) field.proto.options = fromBinary(FieldOptionsSchema, marked.finish());
}

/** Encrypts the personal data of the stores. */
export function sealed(open: OpenStore): OpenStore {
  const contents = { streams: [{ type: "Note", events: [noted] }] };
  const seal = (store: Store): Store => new PersonalData(store, contents, sealStore, undefined).store;
  return async () => {
    const under = await open();
    return { ...under, store: seal(under.store), peer: async () => seal(await under.peer()) };
  };
}
