-- Which struct a settings section is declared by, so that a process can edit the settings of a module that runs in another.
CREATE TABLE kernel.setting_section (
    name text PRIMARY KEY,
    kind text NOT NULL  -- module:Class
);
-- Serves the history of all sections, newest first, and the difference between two moments.
CREATE INDEX setting_change_by_time ON kernel.setting_change (time);
