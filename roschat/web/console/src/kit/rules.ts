/**
 * The rules of values that people type, checked before anything is sent: those of `roschat/kernel/formats.py`, which has
 * the last word. A reason is a key of `reasonText`.
 */
export const FORMATS = ["host", "ip", "port", "email", "url", "network"] as const;
export type Format = (typeof FORMATS)[number];

const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const octet = /^(0|[1-9][0-9]{0,2})$/;
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/;

export function isIpv4(value: string): boolean {
  const octets = value.split(".");
  return octets.length === 4 && octets.every((one) => octet.test(one) && Number(one) < 256);
}

export function isHost(value: string): boolean {
  if (isIpv4(value)) return true;
  const labels = value.split(".");
  if (value.length > 253 || labels.length < 2 || !labels.every((one) => label.test(one))) return false;
  return (labels.at(-2)?.length ?? 0) > 1 && !/^\d+$/.test(labels.at(-1) ?? "");
}

export function isPort(value: string): boolean {
  return /^[0-9]{1,5}$/.test(value) && Number(value) > 0 && Number(value) < 65_536;
}

export function isEmail(value: string): boolean {
  const at = value.lastIndexOf("@");
  const local = value.slice(0, Math.max(at, 0));
  const labels = value.slice(at + 1).split(".");
  const dots = local.startsWith(".") || local.endsWith(".") || local.includes("..");
  return localPart.test(local) && !dots && labels.length > 1 && labels.every((one) => label.test(one));
}

export function isUrl(value: string): boolean {
  const [scheme, rest] = value.split("://", 2);
  const [host = "", port] = (rest ?? "").split("/", 1)[0]?.split(":", 2) ?? [];
  return (
    (scheme === "http" || scheme === "https") &&
    (isHost(host) || host === "localhost") &&
    (port === undefined || isPort(port))
  );
}

/** IPv4 networks are looked at; of an IPv6 one only its characters, the server knows the rest. */
export function isNetwork(value: string): boolean {
  const [address = "", bits] = value.split("/", 2);
  if (address.includes(":")) return /^[0-9a-f:.]+(\/\d{1,3})?$/i.test(value);
  return isIpv4(address) && (bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32));
}

const RULES: Record<Format, [(value: string) => boolean, string]> = {
  host: [isHost, "bad-host"],
  ip: [isIpv4, "bad-ip"],
  port: [isPort, "bad-port"],
  email: [isEmail, "bad-email"],
  url: [isUrl, "bad-url"],
  network: [isNetwork, "bad-ip"],
};

export interface Rule {
  format?: Format | undefined;
  required?: boolean | undefined;
  /** Of a number: its bounds. */
  min?: number | undefined;
  max?: number | undefined;
  /** Of a text: its length in characters. */
  minLength?: number | undefined;
  maxLength?: number | undefined;
  pattern?: RegExp | undefined;
  whole?: boolean | undefined;
  number?: boolean | undefined;
}

/** Why a value is refused; empty when it is not. */
export function reasonOf(value: unknown, rule: Rule): string {
  const text = value === null || value === undefined ? "" : String(value);
  if (!text.trim() || (Array.isArray(value) && value.length === 0)) return rule.required ? "empty" : "";
  if (rule.format) {
    const [holds, reason] = RULES[rule.format];
    if (!holds(text)) return reason;
  }
  if (rule.number || rule.whole) {
    const number = Number(text.replace(",", "."));
    if (!Number.isFinite(number) || (rule.whole && !Number.isInteger(number))) return "bad-value";
    if (rule.min !== undefined && number < rule.min) return "too-small";
    if (rule.max !== undefined && number > rule.max) return "too-large";
  } else if (typeof value === "string") {
    const length = [...text].length;
    if (rule.minLength !== undefined && length < rule.minLength) return "too-short";
    if (rule.maxLength !== undefined && length > rule.maxLength) return "too-long";
    if (rule.pattern && !rule.pattern.test(text)) return "bad-value";
  }
  return "";
}
