-- Events written with the transaction that caused them and not published yet; a row lives for milliseconds.
-- The primary key serves the deletion after publishing and the sweep, which goes from the oldest.
CREATE TABLE kernel.outbox (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time    timestamptz NOT NULL DEFAULT now(),
    name    text NOT NULL,
    payload bytea NOT NULL
);
