import { server } from "../state/server.ts";
import { confirm } from "../ui/confirm.ts";
import { say } from "../words/index.ts";

export async function askSignOut(): Promise<void> {
  const question = { title: say("more.signOut"), text: say("more.signOutText"), ok: say("common.ok") };
  if (await confirm(question)) {
    await server.signOut();
    location.hash = "";
  }
}
