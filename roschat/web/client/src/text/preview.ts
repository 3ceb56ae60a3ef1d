/** A message in one line: for the list, quotes, notifications and the clipboard. */
import type { MessageView, SystemBody } from "@roschat/shared/protocol.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { say } from "../words/index.ts";
import { bodyOf } from "./body.ts";
import { withoutMarkup } from "./segments.ts";

export function previewOf(message: Pick<MessageView, "dataType" | "data">): string {
  const body = bodyOf(message);
  switch (body.type) {
    case "text":
      return withoutMarkup(body.text).replace(/\s+/g, " ");
    case "image":
      return captioned(`🖼 ${say("kind.image")}`, body.text);
    case "video":
      return captioned(`🎬 ${say("kind.video")}`, body.text);
    case "audio":
      return captioned(body.voice ? `🎤 ${say("kind.voice")}` : `🎵 ${body.name || say("kind.audio")}`, body.text);
    case "file":
      return captioned(`📎 ${body.name}`, body.text);
    case "location":
      return captioned(`📍 ${say("kind.location")}`, body.text);
    case "contact":
      return captioned(`👤 ${nameOf(body.cid)}`, body.text);
    case "poll":
      return `📊 ${body.question}`;
    case "channel":
      return `📢 ${body.name || say("kind.channel")}`;
    case "publication":
      return `📰 ${say("kind.publication")}`;
    case "system":
      return systemText(body);
    default:
      return say("kind.unknown");
  }
}

const captioned = (kind: string, caption = "") => (caption ? `${kind}: ${withoutMarkup(caption)}` : kind);

/** Surname, a space, first name: the product's texts keep the space also when there is no first name. */
function fullName(cid: number): string {
  const person = usePeople.getState().byId[cid];
  return person?.kind === "person" ? `${person.surname} ${person.firstName}` : nameOf(cid);
}

/** What happened to a conversation, in the reader's language. */
export function systemText(body: SystemBody): string {
  const actor = body.cid ? fullName(body.cid) : "";
  const members = (body.members ?? []).map(nameOf).join(", ");
  const name = body.name ?? "";
  switch (body.what) {
    case "group-created":
      return say("system.created", { actor });
    case "members-added":
      return say("system.added", { actor, members });
    case "member-removed":
      return say("system.removed", { actor, members });
    case "member-left":
      return say("system.left", { actor: actor || members });
    case "group-renamed":
      return say("system.renamed", { actor, name });
    case "avatar-changed":
      return say("system.avatar", { actor });
    case "role-changed":
      return say("system.role", { actor, members });
    case "message-pinned":
      return say("system.pinned", { actor });
    default:
      return body.text;
  }
}
