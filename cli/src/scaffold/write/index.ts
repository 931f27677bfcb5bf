// All files of users in a folder: their texts, and their bytes again.
export { readUserFiles, toBytes, type UserFiles } from "./user-files.js";
