// Encryption of personal fields, keys of data subjects, and erasure. Depends on the ports of messages and stores only, not on
// a message library or a database.
export type { AesKey, AesProvider } from "./aes.js";
export type { KeyWrapper } from "./key-wrap.js";
export { type MasterKeyBytes, type MasterKeyOptions, masterKey } from "./master-key.js";
export { pageTokensSubject } from "./page-token-secret.js";
export {
  type ContractMessages,
  PersonalContents,
  type RecordedStreams,
  type StreamOwners,
} from "./personal-contents.js";
export { PersonalData, type PersonalDataOptions } from "./personal-data.js";
export { type SealStore, sealStore } from "./seal-store.js";
export { uniqueValuesSubject } from "./unique-value-sealer.js";
