/** «Система»: how clients reach the server, its certificate, the servers of the installation. */
import { Page } from "@console/kit/Page.tsx";
import { Acme } from "./Acme.tsx";
import { Certificate } from "./Certificate.tsx";
import { Connection } from "./Connection.tsx";
import { Servers } from "./Servers.tsx";
import { words } from "./words.ts";

export default function SystemPage() {
  const say = words.use();
  return (
    <Page title={say("title")}>
      <Connection />
      <Certificate />
      <Acme />
      <Servers />
    </Page>
  );
}
