/** «Служба поддержки»: announcements, the support contact, the support address (R-ADM-001…003). */
import { Page } from "@console/kit/index.ts";
import { useSession } from "@console/session.tsx";
import { Stack } from "@mantine/core";
import { Announcements } from "./Announcements.tsx";
import { Contact } from "./Contact.tsx";
import { words } from "./words.ts";

export default function SupportPage() {
  const say = words.use();
  const { role } = useSession();
  const changes = role === "admin";
  return (
    <Page title={say("title")} text={say("about")}>
      <Stack gap="md">
        <Announcements changes={changes} />
        {changes && <Contact />}
      </Stack>
    </Page>
  );
}
