/** The parsed body of a message. Messages never change in place, so each is parsed once. */
import type { Body, Entity, MessageView, TextBody } from "@roschat/shared/protocol.ts";

export type AnyBody = Body | { type: "unknown" };

const parsed = new WeakMap<object, AnyBody>();

export function bodyOf(message: Pick<MessageView, "dataType" | "data">): AnyBody {
  const known = parsed.get(message);
  if (known) return known;
  const body = parseBody(message.dataType, message.data);
  parsed.set(message, body);
  return body;
}

export function parseBody(dataType: string, data: string): AnyBody {
  if (dataType === "text") return { type: "text", text: data };
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === "object" && value !== null && "type" in value && typeof value.type === "string")
      return value as Body;
  } catch {
    return { type: "unknown" };
  }
  return { type: "unknown" };
}

/** How a text goes on the wire: as it is, or as a body when it has styles. */
export function textData(text: string, entities: Entity[]): { dataType: string; data: string } {
  if (entities.length === 0) return { dataType: "text", data: text };
  const body: TextBody = { type: "text", text, entities };
  return { dataType: "data", data: JSON.stringify(body) };
}
