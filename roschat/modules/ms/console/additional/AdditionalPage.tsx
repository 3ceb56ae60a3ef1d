/** «Дополнительно»: what concerns clients and the ways in, each part in a card of its own (R-EXT). */
import { Page, SettingsForm } from "@console/kit/index.ts";
import { words } from "./words.ts";

export default function AdditionalPage() {
  const say = words.use();
  return (
    <Page title={say("title")} text={say("text")}>
      <SettingsForm section="clients" title={say("updates")} text={say("updates.text")} keys={["update_server"]} />
      <SettingsForm section="server.second-factor" title={say("factor")} text={say("factor.text")} />
      <SettingsForm section="server.registration" title={say("registration")} text={say("registration.text")} />
      <SettingsForm section="clients" title={say("push")} text={say("push.text")} keys={["push_without_text"]} />
    </Page>
  );
}
