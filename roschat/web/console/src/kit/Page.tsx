/** The frame of a page: its heading, what can be done there, its content; and the cards that content is laid out in. */
import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** One sentence under the heading. */
  text?: ReactNode;
  /** Buttons at the right of the heading. */
  actions?: ReactNode;
  /** Before the heading: a link back. */
  back?: ReactNode;
  children: ReactNode;
}

export function Page({ title, text, actions, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · РОСЧАТ`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0}>
          {back}
          <Title order={1} size="h3" tabIndex={-1} data-page-title>
            {title}
          </Title>
          {text && (
            <Text c="dimmed" size="sm" mt={2} maw={720}>
              {text}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

interface SectionProps {
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  /** No room around the content: for tables. */
  flush?: boolean;
}

/** A card with a heading. */
export function Section({ title, text, actions, children, flush = false }: SectionProps) {
  return (
    <Paper withBorder radius="md" component="section" style={{ overflow: "hidden" }}>
      {(title || actions) && (
        <Group justify="space-between" align="flex-start" px="md" pt="md" pb={children ? "xs" : "md"} gap="xs">
          <Box miw={0} flex="1 1 220px">
            <Title order={2} size="h5">
              {title}
            </Title>
            {text && (
              <Text c="dimmed" size="sm" mt={2} maw={640}>
                {text}
              </Text>
            )}
          </Box>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {children && <Box {...(flush ? {} : { px: "md", pb: "md", pt: title ? 0 : "md" })}>{children}</Box>}
    </Paper>
  );
}
