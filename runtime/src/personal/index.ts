// Personal fields: cut out of a message's bytes, kept in ciphers, forgotten. Knows messages and stores, no library of either.
export type { AesKey, AesProvider } from "./aes.js";
export type { KeyWrapper } from "./key-wrap.js";
export { type MasterKeyBytes, type MasterKeyOptions, masterKey } from "./master-key.js";
export { pageTokensSubject } from "./page-token-secret.js";
export { type ContractMessages, PersonalContents, type RecordedStreams } from "./personal-contents.js";
export { PersonalData, type PersonalDataOptions } from "./personal-data.js";
export { uniqueValuesSubject } from "./unique-value-sealer.js";
