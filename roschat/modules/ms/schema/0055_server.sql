-- The servers of the installation as the console lists them; the one with the address 127.0.0.1 is the first, this one.
CREATE SCHEMA IF NOT EXISTS ms;

CREATE TABLE ms.server (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL UNIQUE,
    address text NOT NULL UNIQUE,
    main    boolean NOT NULL DEFAULT false
);
INSERT INTO ms.server (name, address, main) VALUES ('Основной', '127.0.0.1', true);
