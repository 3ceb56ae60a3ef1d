/** What is to be said of a certificate: what keeps it from being used in red, the rest as a warning. */
import type { Reply } from "@console/api/index.ts";
import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { words } from "./words.ts";

type Remark = Reply<"POST /certificate/check">["remarks"][number];
type Word = Parameters<ReturnType<typeof words.use>>[0];

export function Remarks({ remarks }: { remarks: readonly Remark[] }) {
  const say = words.use();
  if (remarks.length === 0) return null;
  return (
    <Stack gap="xs" mt="sm">
      {remarks.map((remark) => (
        <Alert
          key={remark.code + remark.text}
          color={remark.refusal ? "red" : "orange"}
          variant="light"
          py="xs"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          data-remark={remark.code}
        >
          <Text size="sm">{say(`remark.${remark.code}` as Word)}</Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {remark.text}
          </Text>
        </Alert>
      ))}
    </Stack>
  );
}
