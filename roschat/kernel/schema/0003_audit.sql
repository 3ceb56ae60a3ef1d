-- Who changed what through the console, the API and the command line; written in the transaction of the change.
CREATE TABLE kernel.audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,    -- serves the journal, newest first
    time    timestamptz NOT NULL DEFAULT now(),
    who     text NOT NULL,                  -- login, name of an API key, or "system"
    role    text NOT NULL,
    address text NOT NULL,
    request text NOT NULL,                  -- of one HTTP request; empty when there was none
    action  text NOT NULL,                  -- what was done, as a word of the area: contact-change, settings-change …
    subject text NOT NULL,                  -- what it was done to, as a person would name it
    before  jsonb,                          -- what was there; null: nothing
    after   jsonb                           -- what is there now; null: nothing. Never a secret
);
CREATE INDEX audit_time ON kernel.audit (time);                                     -- a span of time; clearing away
CREATE INDEX audit_who ON kernel.audit (who, id DESC);                              -- what somebody did
CREATE INDEX audit_action ON kernel.audit (action, id DESC);                        -- one kind of change
CREATE INDEX audit_request ON kernel.audit (request) WHERE request <> '';           -- whether a request is in it already
