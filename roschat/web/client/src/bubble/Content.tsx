/** What a message says, by the kind of its body. */
import type { MessageView } from "@roschat/shared/protocol.ts";
import type { Peer } from "../state/peer.ts";
import { usePerson } from "../state/people.ts";
import { type AnyBody, bodyOf } from "../text/body.ts";
import { useWords } from "../words/index.ts";
import { AudioContent } from "./AudioContent.tsx";
import { ContactCard, LocationCard } from "./CardContent.tsx";
import { ChannelCard, PublicationLink } from "./ChannelContent.tsx";
import { FileContent } from "./FileContent.tsx";
import { InlineKeyboard } from "./InlineKeyboard.tsx";
import { ImageContent, VideoContent } from "./PictureContent.tsx";
import { PollContent } from "./PollContent.tsx";
import { RichText } from "./RichText.tsx";

/** Any kind may have a styled text, and a bot's buttons under it. */
export function Content({ message, peer }: { message: MessageView; peer: Peer }) {
  const bot = usePerson(peer.cidType === "user" ? peer.cid : 0)?.kind === "bot";
  const body = bodyOf(message);
  const text = "text" in body ? body.text : "";
  const entities = "entities" in body ? body.entities : undefined;
  const keyboard = "keyboard" in body ? body.keyboard : undefined;
  return (
    <>
      {body.type !== "text" && <Attached body={body} />}
      {text && (
        <RichText text={text} entities={entities ?? []} {...(bot || peer.cidType === "group" ? { peer } : {})} />
      )}
      {keyboard && <InlineKeyboard rows={keyboard} peer={peer} messageId={message.id} />}
    </>
  );
}

function Attached({ body }: { body: AnyBody }) {
  const say = useWords();
  switch (body.type) {
    case "image":
      return <ImageContent body={body} />;
    case "video":
      return <VideoContent body={body} />;
    case "audio":
      return <AudioContent body={body} />;
    case "file":
      return <FileContent body={body} />;
    case "location":
      return <LocationCard body={body} />;
    case "contact":
      return <ContactCard body={body} />;
    case "poll":
      return <PollContent body={body} />;
    case "channel":
      return <ChannelCard body={body} />;
    case "publication":
      return <PublicationLink body={body} />;
    default:
      return <em>{say("kind.unknown")}</em>;
  }
}
