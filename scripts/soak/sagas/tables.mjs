// Tables beside those of the store: of the remote bank, and what the database itself records about the sagas' rows and the events.

/** `schema`: of the store. */
export const bankOf = (schema) => `${schema}_bank`;

/** Creates them. `accounts`: how many; `money`: what each has in the remote bank. */
export async function createTables(client, schema, { accounts, money }) {
  const bank = bankOf(schema);
  await client.query(`
CREATE SCHEMA ${bank};
CREATE TABLE ${bank}.accounts (id text PRIMARY KEY, balance integer NOT NULL);
INSERT INTO ${bank}.accounts SELECT 'a' || i, ${money} FROM generate_series(0, ${accounts - 1}) i;
CREATE TABLE ${bank}.commands (id text PRIMARY KEY, request text NOT NULL, outcome jsonb);
CREATE TABLE ${bank}.faults (text text NOT NULL);
CREATE TABLE ${bank}.steps (
  key text PRIMARY KEY,
  is_done boolean NOT NULL DEFAULT false,
  is_undone boolean NOT NULL DEFAULT false,
  is_barred boolean NOT NULL DEFAULT false
);
-- One order and one clock for the effects of both banks and for the transitions.
CREATE SEQUENCE ${bank}.seq;
CREATE TABLE ${bank}.effects (
  seq bigint PRIMARY KEY DEFAULT nextval('${bank}.seq'), at timestamptz NOT NULL DEFAULT clock_timestamp(),
  command_id text NOT NULL, key text NOT NULL, saga text NOT NULL, step text NOT NULL, element integer NOT NULL,
  phase text NOT NULL, method text NOT NULL, amount integer NOT NULL
);
CREATE TABLE ${bank}.appended (
  pos bigint PRIMARY KEY, seq bigint NOT NULL DEFAULT nextval('${bank}.seq'),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A row of a saga after each transition, and the process that stored it.
CREATE TABLE ${bank}.transitions (
  seq bigint PRIMARY KEY DEFAULT nextval('${bank}.seq'), at timestamptz NOT NULL DEFAULT clock_timestamp(),
  process text NOT NULL DEFAULT current_setting('application_name'), view text NOT NULL, key text NOT NULL, data bytea NOT NULL
);
CREATE INDEX ON ${bank}.transitions (key, view, seq);
CREATE FUNCTION ${bank}.note_transition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ${bank}.transitions (view, key, data) VALUES (NEW.view, NEW.key, NEW.data);
  RETURN NULL;
END $$;
CREATE TRIGGER note_transition AFTER INSERT OR UPDATE ON ${schema}.rows FOR EACH ROW
  WHEN (NEW.view LIKE 'potter.sagas.%') EXECUTE FUNCTION ${bank}.note_transition();
CREATE FUNCTION ${bank}.note_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ${bank}.appended (pos) VALUES (NEW.pos);
  RETURN NULL;
END $$;
CREATE TRIGGER note_event AFTER INSERT ON ${schema}.events FOR EACH ROW EXECUTE FUNCTION ${bank}.note_event();`);
}
