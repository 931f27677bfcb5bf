// Users' files on the disk: read all, replace one, create one.
export { createFile, replaceFile, type WriteResult } from "./atomic.js";
export { readUserFiles, toBytes, type UserFiles } from "./user-files.js";
