/** A text with styles, links, mentions and commands. */
import type { Entity } from "@roschat/shared/protocol.ts";
import { Fragment, type ReactNode } from "react";
import { post } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { goPerson } from "../state/place.ts";
import { type Segment, segmentsOf } from "../text/segments.ts";
import styles from "./RichText.module.css";

interface RichTextProps {
  text: string;
  entities?: Entity[];
  /** Where a pressed command goes; without it commands are plain text. */
  peer?: Peer;
}

export function RichText({ text, entities, peer }: RichTextProps) {
  const big = isFewEmoji(text) && !entities?.length;
  let at = 0;
  return (
    <span className={big ? styles.big : styles.text} dir="auto">
      {segmentsOf(text, entities).map((segment) => {
        at += segment.text.length;
        return <Fragment key={at}>{styled(segment, peer)}</Fragment>;
      })}
    </span>
  );
}

function styled(segment: Segment, peer: Peer | undefined): ReactNode {
  let node: ReactNode = core(segment, peer);
  for (const style of segment.styles) {
    if (style === "bold") node = <strong>{node}</strong>;
    else if (style === "italic") node = <em>{node}</em>;
    else if (style === "underline") node = <u>{node}</u>;
    else if (style === "strike") node = <s>{node}</s>;
    else if (style === "code") node = <code className={styles.code}>{node}</code>;
    else if (style === "pre") node = <pre className={styles.pre}>{node}</pre>;
  }
  return node;
}

function core(segment: Segment, peer: Peer | undefined): ReactNode {
  if (segment.cid) return <Mention cid={segment.cid} text={segment.text} />;
  if (segment.href) return <Link href={segment.href}>{segment.text}</Link>;
  if (segment.command && peer) return <Command command={segment.command} peer={peer} />;
  return segment.text;
}

/** Links of this server (to channels, conversations) open here, others in a tab of their own. */
function Link({ href, children }: { href: string; children: ReactNode }) {
  const own = href.startsWith(`${location.origin}/#/`);
  if (own)
    return (
      <a className={styles.link} href={href.slice(location.origin.length + 1)}>
        {children}
      </a>
    );
  return (
    <a className={styles.link} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Mention({ cid, text }: { cid: number; text: string }) {
  const me = usePeople((state) => state.me);
  return (
    <button type="button" className={styles.mention} data-me={me === cid || undefined} onClick={() => goPerson(cid)}>
      {text}
    </button>
  );
}

function Command({ command, peer }: { command: string; peer: Peer }) {
  return (
    <button type="button" className={styles.command} onClick={() => post(peer, { dataType: "text", data: command })}>
      {command}
    </button>
  );
}

const EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** One to three emoji alone are shown large. */
export function isFewEmoji(text: string): boolean {
  return text.length <= 40 && EMOJI.test(text.trim());
}
