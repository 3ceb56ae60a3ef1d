/** The table of bots; a row opens into the bot's details. On a narrow screen title and description move in there. */
import { ActionIcon, Group, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import type { Bot } from "./api.ts";
import { BotDetails } from "./BotDetails.tsx";
import { BotIcon } from "./BotIcon.tsx";
import { useWords } from "./words/index.ts";

interface BotTableProps {
  bots: Bot[];
  tokens: Record<number, string>;
  open: number | undefined;
  onOpen: (cid: number | undefined) => void;
  onEdit: (bot: Bot) => void;
  onChanged: (bot: Bot) => void;
  onDeleted: () => void;
}

export function BotTable({ bots, tokens, open, onOpen, onEdit, onChanged, onDeleted }: BotTableProps) {
  const say = useWords();
  return (
    <Table verticalSpacing="xs" highlightOnHover withTableBorder aria-label={say("bots")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={104}>{say("column.id")}</Table.Th>
          <Table.Th w={76}>{say("column.icon")}</Table.Th>
          <Table.Th>{say("column.name")}</Table.Th>
          <Table.Th visibleFrom="sm">{say("column.title")}</Table.Th>
          <Table.Th visibleFrom="sm">{say("column.description")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bots.map((bot) => {
          const opened = bot.cid === open;
          const toggle = () => onOpen(opened ? undefined : bot.cid);
          return (
            <Fragment key={bot.cid}>
              <Table.Tr data-bot={bot.name} onClick={toggle} style={{ cursor: "pointer" }}>
                <Table.Td>
                  <Group gap={4} wrap="nowrap">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      c="dimmed"
                      aria-expanded={opened}
                      aria-label={say(opened ? "row.close" : "row.open", { title: bot.title })}
                      onClick={(event) => {
                        event.stopPropagation();
                        toggle();
                      }}
                    >
                      {opened ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
                    </ActionIcon>
                    {bot.cid}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <BotIcon bot={bot} />
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{bot.name}</Table.Td>
                <Table.Td visibleFrom="sm" style={{ overflowWrap: "anywhere" }}>
                  {bot.title}
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Text size="sm" c="dimmed" lineClamp={2}>
                    {bot.description}
                  </Text>
                </Table.Td>
              </Table.Tr>
              {opened && (
                <Table.Tr data-details={bot.name}>
                  <Table.Td colSpan={5} p="md">
                    <BotDetails
                      bot={bot}
                      token={tokens[bot.cid] ?? ""}
                      onEdit={() => onEdit(bot)}
                      onChanged={onChanged}
                      onDeleted={onDeleted}
                    />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
