/** The frame of what stands before the pages: product, choice of language and theme, a card. */
import { Box, Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import logo from "../logo.svg";
import { Choices } from "../shell/Choices.tsx";
import { words } from "../words/shell.ts";

export function Card({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  const say = words.use();
  useEffect(() => {
    document.title = `${title} · ${say("product")}`;
  }, [title, say]);
  return (
    <Box component="main" mih="100vh" p="md">
      <Group justify="flex-end">
        <Choices />
      </Group>
      <Center mt={{ base: "md", sm: "10vh" }}>
        <Stack w="100%" maw={400} gap="lg">
          <Group gap="sm" justify="center" wrap="nowrap">
            <img src={logo} width={44} height={44} alt="" />
            <div>
              <Text fw={700} size="lg" lh={1.2}>
                {say("product")}
              </Text>
              <Text c="dimmed" size="sm">
                {say("console")}
              </Text>
            </div>
          </Group>
          <Paper withBorder p="xl" radius="lg" shadow="sm">
            <Title order={1} size="h4" mb={text ? 4 : "md"}>
              {title}
            </Title>
            {text && (
              <Text c="dimmed" size="sm" mb="md">
                {text}
              </Text>
            )}
            {children}
          </Paper>
        </Stack>
      </Center>
    </Box>
  );
}
