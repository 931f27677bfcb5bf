// The queried part of Potter's generated schema, written by hand for the others.
export const typeDefs = `
  type Query { isThere: Boolean }
  type Subscription { accountEvents(accountId: ID): AccountRecordedEvent! }
  type AccountRecordedEvent { position: String! accountId: ID! event: AccountEvent! }
  union AccountEvent = Deposited
  type Deposited { amount: String! reference: String! }
`;

/** Where those listen who follow one account, or all. */
export const topicOf = (accountId) => `account ${accountId ?? ""}`;

let position = 0;

/** An event as the hand-written schema has it. */
export function toPayload({ accountId, amount, reference }) {
  const event = { __typename: "Deposited", amount: String(amount), reference };
  return { accountEvents: { position: String(++position), accountId, event } };
}
