-- Long work that an administrator started and watches.
CREATE TABLE kernel.job (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- serves the list, newest first
    kind     text NOT NULL,
    title    text NOT NULL DEFAULT '',
    who      text NOT NULL,
    state    text NOT NULL DEFAULT 'running',   -- running, done, failed, cancelled, interrupted
    done     bigint NOT NULL DEFAULT 0,
    total    bigint NOT NULL DEFAULT 0,         -- 0: not known
    text     text NOT NULL DEFAULT '',          -- what it is at, or why it failed
    result   jsonb,
    started  timestamptz NOT NULL DEFAULT now(),
    ended    timestamptz,
    process  text NOT NULL                      -- of the bus; whose end interrupts the job
);
CREATE INDEX job_running ON kernel.job (process) WHERE state = 'running';   -- what a dead process left behind
