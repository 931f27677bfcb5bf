// Which events an app knows, how their stored versions are read, and the method by which they are followed.
export { EventCatalog, type EventReader } from "./event-catalog.js";
export { EventTable } from "./event-table.js";
export { eventsMethod, type FollowedEvent } from "./events-method.js";
