import type { JsonObject, Message } from "@bufbuild/protobuf";
import { fileDesc, type GenFile, type GenMessage, messageDesc } from "@bufbuild/protobuf/codegenv2";
import { file_google_protobuf_struct } from "@bufbuild/protobuf/wkt";

// The messages of proto/potter/v1/waits.proto, as protoc-gen-es prints them, without the binding that is in wait-method.ts. A test compares both.

/** Describes potter/v1/waits.proto. */
export const waitsFile: GenFile = /* @__PURE__ */ fileDesc(
  "ChVwb3R0ZXIvdjEvd2FpdHMucHJvdG8SCXBvdHRlci52MSIcCgtXYWl0UmVxdWVzdBINCgV0b2tlbhgBIAEoCSJ7CgxXYWl0UmVzcG9uc2USIwoFc3RhdGUYASABKA4yFC5wb3R0ZXIudjEuV2FpdFN0YXRlEhAKCHBvc2l0aW9uGAIgASgJEg0KBWV2ZW50GAMgASgJEiUKBGRhdGEYBCABKAsyFy5nb29nbGUucHJvdG9idWYuU3RydWN0KlcKCVdhaXRTdGF0ZRIaChZXQUlUX1NUQVRFX1VOU1BFQ0lGSUVEEAASFgoSV0FJVF9TVEFURV9SRUFDSEVEEAESFgoSV0FJVF9TVEFURV9QRU5ESU5HEAIySwoLV2FpdFNlcnZpY2USPAoEV2FpdBIWLnBvdHRlci52MS5XYWl0UmVxdWVzdBoXLnBvdHRlci52MS5XYWl0UmVzcG9uc2UiA5ACAWIGcHJvdG8z",
  [file_google_protobuf_struct],
);

/** Which wait to resume. */
export type WaitMessage = Message<"potter.v1.WaitRequest"> & { token: string };

/** What has become of a wait. */
export type WaitAnswer = Message<"potter.v1.WaitResponse"> & {
  state: 0 | 1 | 2;
  position: string;
  event: string;
  data?: JsonObject;
};

/** The values of potter.v1.WaitState. */
export const waitStates = { reached: 1, pending: 2 } as const;

export const WaitRequestSchema: GenMessage<WaitMessage> = /* @__PURE__ */ messageDesc(waitsFile, 0);
export const WaitResponseSchema: GenMessage<WaitAnswer> = /* @__PURE__ */ messageDesc(waitsFile, 1);
