/** Names after "@" and commands of bots after "/", offered while writing. */
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from "react";
import { write, writingOf } from "../state/compose.ts";
import { loadMembers, useMembers } from "../state/members.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople, usePerson } from "../state/people.ts";
import { matches, type Person } from "../state/person.ts";
import { wordBefore } from "../text/mentions.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";

interface Offer {
  key: string;
  text: string;
  title: string;
  hint: string;
  person?: Person;
}

const MOST = 8;

export function useOffers(peer: Peer, text: string, field: RefObject<HTMLTextAreaElement | null>) {
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState("");
  const people = useCandidates(peer);
  const bot = usePerson(peer.cidType === "user" ? peer.cid : 0);
  const caret = field.current?.selectionStart ?? text.length;
  const word = closed === text ? undefined : wordBefore(text, Math.min(caret, text.length));
  const sign = word?.sign;
  const query = word?.word ?? "";
  const offers = useMemo((): Offer[] => {
    if (sign === "/")
      return commandOffers(bot?.kind === "bot" ? [bot] : people.filter((it) => it.kind === "bot"), query);
    if (sign !== "@") return [];
    return people
      .filter((person) => matches(person, query))
      .slice(0, MOST)
      .map((person) => ({
        key: String(person.cid),
        text: `@${person.name} `,
        title: person.name,
        hint: person.position,
        person,
      }));
  }, [sign, query, people, bot]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice starts anew with every letter
  useEffect(() => setAt(0), [query, sign]);

  const take = (offer: Offer) => {
    if (!word) return;
    const now = writingOf(peer).text;
    const end = word.start + 1 + word.word.length;
    const next = now.slice(0, word.start) + offer.text + now.slice(end);
    write(peer, { text: next });
    setClosed(next);
    requestAnimationFrame(() => {
      field.current?.focus();
      const place = word.start + offer.text.length;
      field.current?.setSelectionRange(place, place);
    });
  };

  /** True when the key was for the offers. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (offers.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = offers[at];
    if (step) setAt((at + step + offers.length) % offers.length);
    else if (event.key === "Escape") setClosed(text);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.shiftKey) take(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { offers, at, take, onKey };
}

function commandOffers(bots: Person[], query: string): Offer[] {
  return bots
    .flatMap((bot) => bot.commands.map((command) => ({ bot, command })))
    .filter(({ command }) => command.name.toLowerCase().startsWith(query.toLowerCase()))
    .slice(0, MOST)
    .map(({ bot, command }) => ({
      key: `${bot.cid}/${command.name}`,
      text: `/${command.name}`,
      title: `/${command.name}`,
      hint: command.hint,
      person: bot,
    }));
}

function useCandidates(peer: Peer): Person[] {
  const members = useMembers(peer);
  const byId = usePeople((state) => state.byId);
  const me = usePeople((state) => state.me);
  const { cid, cidType } = peer;
  useEffect(() => {
    if (cidType === "group") void loadMembers(cid).catch(() => undefined);
  }, [cid, cidType]);
  return useMemo(() => {
    const ids = cidType === "group" ? members.map((member) => member.cid) : [cid];
    return ids.flatMap((id) => (id === me ? [] : (byId[id] ?? [])));
  }, [members, byId, me, cid, cidType]);
}

export function Offers({ offers }: { offers: ReturnType<typeof useOffers> }) {
  const say = useWords();
  if (offers.offers.length === 0) return null;
  return (
    <div className={styles.offers} role="listbox" aria-label={say("composer.offers")}>
      {offers.offers.map((offer, i) => (
        <button
          key={offer.key}
          type="button"
          role="option"
          tabIndex={-1}
          className={styles.offer}
          aria-selected={i === offers.at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => offers.take(offer)}
        >
          {offer.person && (
            <Avatar
              id={offer.person.cid}
              name={offer.person.name}
              file={offer.person.avatar}
              kind={offer.person.kind}
              size={28}
            />
          )}
          <span>{offer.title}</span>
          <small className="clip">{offer.hint}</small>
        </button>
      ))}
    </div>
  );
}
