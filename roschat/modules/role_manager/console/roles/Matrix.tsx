/** Roles × actions, and for one action roles × roles. */
import { type RoleAction, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Section } from "@console/kit/Page.tsx";
import { Anchor, Select, Table, Text, Tooltip } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { ACTIONS, actionChoices } from "./actions.ts";
import { useRoleNames } from "./names.ts";
import { Verdict } from "./Verdict.tsx";
import { words } from "./words.ts";

export function Matrix() {
  const say = words.use();
  const matrix = useApi("GET /role-matrix");
  const [action, setAction] = useState<RoleAction>("outgoing-message");
  return (
    <>
      <Section title={say("matrix")} text={say("matrixText")}>
        <Asked of={matrix}>
          {(rows) => (
            <Table.ScrollContainer minWidth={Math.max(320, 220 + rows.length * 120)} tabIndex={0}>
              <Table aria-label={say("matrix")} withRowBorders>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{say("action")}</Table.Th>
                    {rows.map((row) => (
                      <Table.Th key={row.role} scope="col">
                        <Anchor component={Link} href={`/administration/roles/${row.role}`} size="sm">
                          {row.name}
                        </Anchor>
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {ACTIONS.map((one) => (
                    <Table.Tr key={one}>
                      <Table.Th scope="row" fw={400}>
                        {say(one)}
                      </Table.Th>
                      {rows.map((row) => {
                        const cell = row.cells.find((known) => known.action === one);
                        return (
                          <Table.Td key={row.role}>
                            <Verdict allowed={cell?.allowed ?? true} />
                            {cell && cell.named > 0 && (
                              <Text span size="xs" c="dimmed" ml={6}>
                                {say("named", { count: cell.named })}
                              </Text>
                            )}
                          </Table.Td>
                        );
                      })}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Asked>
      </Section>
      <Section
        title={say("pairsOf")}
        text={say("pairsText")}
        actions={
          <Select
            aria-label={say("action")}
            data={actionChoices(say)}
            value={action}
            onChange={(chosen) => setAction((chosen as RoleAction | null) ?? action)}
            allowDeselect={false}
            w={300}
            maw="100%"
          />
        }
      >
        <Pairs action={action} />
      </Section>
    </>
  );
}

function Pairs({ action }: { action: RoleAction }) {
  const say = words.use();
  const name = useRoleNames();
  const pairs = useApi("GET /role-matrix/{action}", { action });
  return (
    <Asked of={pairs}>
      {(rows) => (
        <Table.ScrollContainer minWidth={Math.max(320, 200 + rows.length * 110)} tabIndex={0}>
          <Table aria-label={say("pairsOf")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{say("actor")}</Table.Th>
                {rows.map((row) => (
                  <Table.Th key={row.role} scope="col">
                    {row.name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.role}>
                  <Table.Th scope="row" fw={400}>
                    {row.name}
                  </Table.Th>
                  {row.cells.map((cell) => (
                    <Table.Td key={cell.role}>
                      <Tooltip label={say("by", { role: name(cell.by) })} disabled={cell.by === 0}>
                        <span>
                          <Verdict allowed={cell.allowed} />
                        </span>
                      </Tooltip>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Asked>
  );
}
