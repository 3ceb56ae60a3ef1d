-- Settings edited in the console or with `roschat settings set`: one row per value that differs from the default.
CREATE TABLE kernel.setting (
    section text NOT NULL,
    key     text NOT NULL,
    value   jsonb NOT NULL,
    secret  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (section, key)  -- serves the load of one section at start
);

-- Who changed what and when. NULL in before or after: the default. Values of secret fields are never written here.
CREATE TABLE kernel.setting_change (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time    timestamptz NOT NULL DEFAULT now(),
    who     text NOT NULL,
    section text NOT NULL,
    key     text NOT NULL,
    before  jsonb,
    after   jsonb,
    secret  boolean NOT NULL DEFAULT false
);
-- Serves the history page of a section, newest first.
CREATE INDEX setting_change_of_section ON kernel.setting_change (section, id DESC);
