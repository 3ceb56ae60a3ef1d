/** The lines of the log; each opens to its fields and its trace. */
import type { LogLine } from "@console/api/index.ts";
import { useFormats } from "@console/kit/formats.ts";
import { type State, StatusDot } from "@console/kit/StatusDot.tsx";
import { Anchor, Box, Code, Collapse, Group, Text, UnstyledButton } from "@mantine/core";
import { useId, useState } from "react";
import { type Level, words } from "./words.ts";

const DOTS: Record<string, State> = { warning: "degraded", error: "failed", critical: "failed" };

interface LinesProps {
  lines: readonly LogLine[];
  onRequest: (number: string) => void;
}

export function Lines({ lines, onRequest }: LinesProps) {
  const say = words.use();
  return (
    <Box component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={say("lines")}>
      {lines.map((line, at) => (
        <Line key={`${line.process} ${line.time} ${lines.length - at}`} line={line} onRequest={onRequest} />
      ))}
    </Box>
  );
}

function Line({ line, onRequest }: { line: LogLine; onRequest: (number: string) => void }) {
  const say = words.use();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const inside = useId();
  const known: Record<string, Level> = { debug: "debug", info: "info", warning: "warning", error: "error" };
  const word = known[line.level];
  return (
    <Box component="li" style={{ borderTop: "1px solid var(--mantine-color-default-border)" }} data-level={line.level}>
      <UnstyledButton
        w="100%"
        px="md"
        py={5}
        aria-expanded={open}
        aria-controls={inside}
        onClick={() => setOpen(!open)}
      >
        <Group gap="0 12px" align="baseline">
          <Text size="xs" c="dimmed" ff="monospace" w={140}>
            {formats.dateTime(Date.parse(line.time) / 1000)}
          </Text>
          <Box w={140}>
            <StatusDot state={DOTS[line.level] ?? "unknown"} label={word ? say(`level.${word}`) : line.level} />
          </Box>
          <Text size="sm" flex="1 1 260px" miw={0} style={{ overflowWrap: "anywhere" }}>
            {line.text}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {line.module}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <Box id={inside} px="md" pb="sm">
          {open && (
            <>
              <Group gap="4px 16px">
                {line.request && (
                  <Anchor component="button" size="xs" onClick={() => onRequest(line.request)}>
                    {say("request")}: {line.request}
                  </Anchor>
                )}
                {[["process", line.process], ["time", line.time], ...Object.entries(line.fields)].map(
                  ([name, value]) => (
                    <Text key={name} size="xs" style={{ overflowWrap: "anywhere" }}>
                      <b>{name}</b>: {value}
                    </Text>
                  ),
                )}
              </Group>
              {line.trace && (
                <Code block mt={6} tabIndex={0} aria-label={say("trace")} style={{ overflowX: "auto" }}>
                  {line.trace}
                </Code>
              )}
            </>
          )}
        </Box>
      </Collapse>
    </Box>
  );
}
