-- Places with a name, and the radio beacons that stand for them indoors.
CREATE TABLE server.geozone (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL UNIQUE,
    latitude  double precision NOT NULL,        -- degrees, WGS 84
    longitude double precision NOT NULL,
    radius    integer NOT NULL                  -- metres
);

CREATE TABLE server.beacon (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone  bigint NOT NULL REFERENCES server.geozone ON DELETE CASCADE,
    uuid  uuid NOT NULL,
    minor integer NOT NULL,
    major integer NOT NULL,
    UNIQUE (uuid, major, minor)                 -- one beacon stands in one place
);
CREATE INDEX beacon_zone ON server.beacon (zone, id);       -- the beacons of a zone

-- Where people who share it were last; coordinates are kept only until the next report.
CREATE TABLE server.location (
    cid       bigint PRIMARY KEY REFERENCES server.contact ON DELETE CASCADE,
    latitude  double precision,                 -- null: known by a beacon alone
    longitude double precision,
    beacon    bigint REFERENCES server.beacon ON DELETE SET NULL,
    time      timestamptz NOT NULL
);
