-- What was done about backups. The archives themselves are files; they tell about themselves.
create schema if not exists db;

CREATE TABLE db.run (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,    -- serves the list, newest first
    kind    text NOT NULL,                  -- make, prove, restore
    archive text NOT NULL,
    origin  text NOT NULL,                  -- hand, schedule, safety, upload
    who     text NOT NULL,
    started timestamptz NOT NULL,
    ended   timestamptz NOT NULL,
    ok      boolean NOT NULL,
    text    text NOT NULL DEFAULT ''        -- why it failed
);
CREATE INDEX run_kind ON db.run (kind, ok, ended DESC);     -- the last good and the last failed one, for health
