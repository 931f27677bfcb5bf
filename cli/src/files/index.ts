// Users' files: all TypeScript files of a folder read, one replaced or created whole, or left as it is.
export { createFile, replaceFile, type WriteResult } from "./atomic.js";
export { readUserFiles, toBytes, type UserFiles } from "./user-files.js";
