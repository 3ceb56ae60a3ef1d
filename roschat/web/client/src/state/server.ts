/** The connection of this page. One per page: every store asks and listens through it. */
import { Connection } from "@roschat/shared/connection.ts";
import { Vault } from "@roschat/shared/credentials.ts";

export const server = new Connection({
  origin: globalThis.location?.origin ?? "https://localhost",
  vault: new Vault(globalThis.localStorage),
  client: "web",
  deviceName: deviceName(globalThis.navigator?.userAgent ?? ""),
});

/** "Chrome, Linux" out of a user agent line, for the list of sessions. */
export function deviceName(agent: string): string {
  const browsers: [RegExp, string][] = [
    [/Edg\//, "Edge"],
    [/YaBrowser\//, "Yandex Browser"],
    [/OPR\//, "Opera"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ];
  const systems: [RegExp, string][] = [
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "macOS"],
    [/Linux/, "Linux"],
  ];
  const of = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(agent))?.[1];
  return [of(browsers), of(systems)].filter(Boolean).join(", ") || "Web";
}
