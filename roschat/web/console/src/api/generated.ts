// The HTTP API of the console. Written by scripts/generate from the declarations in api.py files; do not edit.
//
// Fields marked `?` are left out when they have their default, which the comment names; they are never null.

/** A card in the directory: a person, a bot or the system contact. RosChat's `cid` with `cidType` "user". */
export type ContactId = number;

/** An information channel, RosChat's `chId`. */
export type ChannelId = number;

/** Position in the server's one journal of changes; a later change of anything has a larger one. */
export type Revision = number;

/** One signed-in device (installation of a client) of a person. */
export type DeviceId = string;

/** The unguessable stored name of a file, as `POST /messages/data` answers it. */
export type FileName = string;

/** Unix time in whole seconds, the unit of every time on the wire. */
export type Seconds = number;

/** The answer `{}`: done, nothing to tell. */
export type Empty = Record<string, never>;

/** An account of the developers' panel. */
export interface DeveloperView {
  id: number;
  login: string;
  name: string;
  blocked: boolean;
  /** How many bots it has. */
  bots: number;
  created: Seconds;
  /** The last sign-in to the panel; 0: never. */
  signedIn: Seconds;
}

/** All accounts by login; with `text` those that hold it in login or name. */
export interface ListDevelopers {
  /** Default: "". */
  text?: string;
}

/** The id of an account. */
export interface DeveloperNumber {
  id: number;
}

/**
 * Make an account.
 *
 * `bad-request` with `fields`: login (empty, too-long, bad-value, taken), name (too-long, bad-value), password (empty,
 * too-short, too-long).
 */
export interface CreateDeveloper {
  login: string;
  password: string;
  /** Default: "". */
  name?: string;
}

/** Change login and name; refused like create-developer. */
export interface ChangeDeveloper {
  id: number;
  login: string;
  /** Default: "". */
  name?: string;
}

/** Set another password; every browser of the developer is signed out. */
export interface ResetDeveloperPassword {
  id: number;
  password: string;
}

/** A blocked developer is signed out and cannot sign in; his bots go on. */
export interface BlockDeveloper {
  id: number;
  /** Default: true. */
  blocked?: boolean;
}

/** Delete an account. His bots become the administrator's, or are deleted too with `bots` "delete". */
export interface DeleteDeveloper {
  id: number;
  /** Default: "keep". */
  bots?: string;
}

/** A bot as the console lists it. */
export interface BotRow {
  cid: ContactId;
  name: string;
  title: string;
  description: string;
  icon: FileName;
  /** 0: it belongs to the administrator. */
  developer: number;
  /** Of the developer. */
  login: string;
  /** Live sockets. */
  online: number;
  disabled: boolean;
  /** The last connection, message or call; 0: never. */
  seen: Seconds;
}

/** All bots by title; with `text` those that hold it in name, title or the developer's login. */
export interface ListAllBots {
  /** Default: "". */
  text?: string;
  /** Only of this developer; 0 the administrator's own, -1 of everybody. Default: -1. */
  developer?: number;
}

/** A disabled bot is thrown out and cannot come back, and people see that it is gone; its token stays. */
export interface DisableBot {
  cid: ContactId;
  /** Default: true. */
  disabled?: boolean;
}

/** Hand a bot over to another developer; 0 is the administrator. */
export interface GiveBot {
  cid: ContactId;
  developer: number;
}

/** A bot as its developer sees it. The token is told only when it is made. */
export interface BotView {
  cid: ContactId;
  name: string;
  title: string;
  /** Default: "". */
  description?: string;
  /** Default: "". */
  greeting?: string;
  /** Default: []. */
  commands?: string[];
  /** Default: "". */
  icon?: FileName;
  /** Default: "". */
  token?: string;
  /** Live sockets of the bot. Default: 0. */
  online?: number;
}

/** Delete a bot: its sockets close, its conversations stay readable. */
export interface DeleteBot {
  cid: ContactId;
}

/** A new token; the old one dies at once and sockets that used it close. */
export interface RenewBotToken {
  cid: ContactId;
}

/** The outcome of restoring an archive into a database beside; `text` says what was wrong. `time` is Unix time. */
export interface BackupProof {
  time: number;
  ok: boolean;
  text: string;
}

/** An archive. Of one that came from elsewhere and was never read the counts are 0. */
export interface BackupView {
  name: string;
  /** Unix time. */
  made: number;
  /** Bytes of the archive. */
  size: number;
  /** hand, schedule, safety (made before a restore) or upload */
  origin: string;
  who: string;
  /** It is encrypted and needs a passphrase. */
  sealed: boolean;
  /** Version of the program that made it. */
  program: string;
  tables: number;
  rows: number;
  files: number;
  /** Unpacked. */
  bytes: number;
  proof?: BackupProof;
}

/** Something that was done about backups. Times are Unix time. */
export interface BackupRun {
  /** make, prove or restore */
  kind: string;
  archive: string;
  origin: string;
  who: string;
  started: number;
  ended: number;
  ok: boolean;
  text: string;
}

/** A restore that was prepared; the next start of the server carries it out. */
export interface RestorePlan {
  archive: string;
  who: string;
  made: number;
  /** ready, or failed: then nothing was changed and `text` says why */
  state: string;
  text: string;
}

/** The archives, the newest first, and how things stand with backups. */
export interface BackupsView {
  backups: BackupView[];
  folder: string;
  /** Bytes of free space there. */
  free: number;
  /** When the schedule makes the next one; 0: there is no schedule. */
  nextTime: number;
  /** New archives are encrypted under the passphrase of the settings. */
  sealing: boolean;
  /** One is being made, proven or restored. */
  busy: boolean;
  plan: RestorePlan | null;
  /** The last ones. */
  runs: BackupRun[];
}

/** All archives in the folder of backups. */
export type ListBackups = Record<string, never>;

/** The job that does it: `GET /jobs/{id}`. */
export interface BackupJob {
  job: number;
}

/** Make an archive of now; the job's result is {"name"}. Errors: `busy`; of the job also `no-space`. */
export type MakeBackup = Record<string, never>;

/**
 * Check every byte, restore into a database beside and compare the rows of every table; then drop it again.
 *
 * Without `passphrase` that of the settings is tried. Errors: `not-found`, `busy`; of the job `backup-damaged`,
 * `bad-passphrase`, `no-space`.
 */
export interface ProveBackup {
  name: string;
  /** Default: "". */
  passphrase?: string;
}

/**
 * Prepare everything to go back to an archive, after making one of now; the next start switches.
 *
 * `confirm` is the name of the archive once more. The job's result is {"restart": true}. Whatever goes wrong before
 * the switch changes nothing. Errors as of prove-backup, and `backup-refused` for one of a newer program.
 */
export interface RestoreBackup {
  name: string;
  confirm: string;
  /** Default: "". */
  passphrase?: string;
}

/** Do not restore at the next start after all; `not-found` when nothing was prepared. */
export type CancelRestore = Record<string, never>;

/** Delete an archive; `confirm` is its name once more. */
export interface RemoveBackup {
  name: string;
  confirm: string;
}

/** One certificate. Times are Unix seconds. */
export interface CertificateFacts {
  subject: string;
  issuer: string;
  names: string[];
  notBefore: number;
  notAfter: number;
  serial: string;
  /** SHA-256, hexadecimal. */
  fingerprint: string;
  /** As "RSA 2048" or "EC P-256". */
  key: string;
  /** Default: false. */
  selfSigned?: boolean;
}

/** What an administrator should know; `refusal` remarks keep a pair from being installed. */
export interface CertificateRemark {
  /** key-mismatch, expired, not-yet-valid, ends-soon, name-missing, chain-incomplete, chain-disorder, chain-foreign, weak-key, weak-signature, self-signed, no-server-use */
  code: string;
  text: string;
  /** Default: false. */
  refusal?: boolean;
}

/** The certificate that is shown to clients. */
export interface CertificateView {
  /** The server's own first. */
  chain: CertificateFacts[];
  /** self-made, installed, acme, configured (roschat.toml names the files; the console cannot change them) */
  source: string;
  daysLeft: number;
  /** Default: "". */
  file?: string;
  /** Default: []. */
  remarks?: CertificateRemark[];
  /** Default: "". */
  trouble?: string;
}

/** The certificate that clients are shown. */
export type GetCertificate = Record<string, never>;

/** What an offered pair is; it can be installed when no remark is a refusal. */
export interface CertificateCheck {
  chain: CertificateFacts[];
  remarks: CertificateRemark[];
  good: boolean;
}

/**
 * Look at a pair without installing it. Texts are PEM; DER and PKCS#12 come as base64.
 *
 * `bad-request` with `fields` certificate, key, chain (empty, bad-value) or passphrase (empty, bad-value) when they
 * cannot be read at all.
 */
export interface CheckCertificate {
  certificate: string;
  /** Default: "". */
  key?: string;
  /** Default: "". */
  chain?: string;
  /** Default: "". */
  passphrase?: string;
}

/** Install a pair; new connections are shown it at once. Refused like check-certificate, and for refusal remarks. */
export interface InstallCertificate {
  certificate: string;
  /** Default: "". */
  key?: string;
  /** Default: "". */
  chain?: string;
  /** Default: "". */
  passphrase?: string;
}

/** Go back to the self-made certificate. */
export type RemoveCertificate = Record<string, never>;

/** How the automatic certificate stands. Times are Unix seconds, 0 for never. */
export interface AcmeView {
  on: boolean;
  /** off, waiting, getting, good, failed */
  state: string;
  /** Default: 0. */
  lastTry?: number;
  /** Default: 0. */
  nextTry?: number;
  /** Why it failed, and what to mend. Default: "". */
  text?: string;
}

/** How the automatic certificate stands; it is set up in the settings section `acme`. */
export type GetAcme = Record<string, never>;

/** Try to get a certificate now; answers at once, the state tells how it goes on. */
export type RunAcme = Record<string, never>;

/** The ports are those on which the server listens now; a fixed one is decided by who starts the program. */
export interface ConnectionView {
  address: string;
  httpPort: number;
  httpsPort: number;
  websocketPort: number;
  /** Of http, https, websocket. Default: []. */
  fixed?: string[];
  /** Why a listener is not where the settings want it. Default: "". */
  trouble?: string;
}

/** Address and ports of the server. */
export type GetConnection = Record<string, never>;

/**
 * Set address and ports; they count at once, connections that there are go on.
 *
 * `bad-request` with `fields`: empty, bad-host, bad-port, taken (two listeners on one port), port-in-use,
 * port-forbidden, fixed. Ports may come as text, as they were typed.
 */
export interface SetConnection {
  address: string;
  httpPort: string;
  httpsPort: string;
  websocketPort: string;
}

/** One thing that was tried from outside of the server's process. */
export interface Probe {
  /** dns, http, https, certificate, websocket */
  name: string;
  good: boolean;
  /** What was asked: a name, or host:port. */
  target: string;
  /** The cause when it is not good, or what was found. Default: "". */
  text?: string;
  /** Milliseconds. Default: 0.0. */
  duration?: number;
}

/** What a client would meet. */
export interface ConnectionCheck {
  good: boolean;
  probes: Probe[];
}

/** Look up the external address and talk to every port there as a client does, from a process of its own. */
export type CheckConnection = Record<string, never>;

/** A server of the installation. The main one is this server; it cannot be removed. */
export interface ServerView {
  id: number;
  name: string;
  address: string;
  /** Default: false. */
  main?: boolean;
  /** Processes there that serve clients; known of this server's own bus. Default: 0. */
  webServers?: number;
}

/** The servers, the main one first. */
export type ListServers = Record<string, never>;

/** The number of a new server. */
export interface ServerAdded {
  id: number;
}

/** Add a server; fields: name (empty, too-long, taken), address (empty, bad-host, taken). */
export interface AddServer {
  name: string;
  address: string;
}

/** Rename a server or give it another address; the address of the main one stays. */
export interface ChangeServer {
  id: number;
  name: string;
  address: string;
}

/** Take a server off the list. */
export interface RemoveServer {
  id: number;
}

/** Look whether a server answers. */
export interface CheckServer {
  id: number;
}

/** Who did what, when (Unix seconds), from where, and what was there before and after; null: nothing. */
export interface AuditEntry {
  id: number;
  time: number;
  who: string;
  role: string;
  address: string;
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
}

/** Entries, newest first. `next` goes into `before` of the next question; 0: there is no more. */
export interface AuditPage {
  entries: AuditEntry[];
  next: number;
}

/**
 * Entries of `who`, of `action` (its beginning), with `text` in the subject, from `since` to before `until`.
 *
 * Times are Unix seconds, 0 for no limit. `count` is 1 to 500.
 */
export interface ListAudit {
  /** Default: "". */
  who?: string;
  /** Default: "". */
  action?: string;
  /** Default: "". */
  text?: string;
  /** Default: 0.0. */
  since?: number;
  /** Default: 0.0. */
  until?: number;
  /** Default: 0. */
  before?: number;
  /** Default: 100. */
  count?: number;
}

/** What one can choose from in the filters. */
export interface AuditNames {
  who: string[];
  actions: string[];
}

/** Who and which actions there are in the journal. */
export type ListAuditNames = Record<string, never>;

/** A long job. Times are Unix seconds, 0 for not yet; `total` 0 is not known. */
export interface JobState {
  id: number;
  kind: string;
  title: string;
  who: string;
  /** running, done, failed, cancelled, interrupted */
  state: string;
  /** Default: 0. */
  done?: number;
  /** Default: 0. */
  total?: number;
  /** What it is at, or why it failed. Default: "". */
  text?: string;
  result?: unknown;
  /** Default: 0.0. */
  started?: number;
  /** Default: 0.0. */
  ended?: number;
}

/** The newest jobs (of a kind), without their results. `count` is 1 to 200. */
export interface ListJobs {
  /** Default: "". */
  kind?: string;
  /** Default: 50. */
  count?: number;
}

/** One job, with its result when it has ended. */
export interface GetJob {
  id: number;
}

/**
 * Ask a running job to stop after its current step; what is done stays done.
 *
 * An operator stops only what he started himself.
 */
export interface CancelJob {
  id: number;
}

/** How much may exist at once. */
export interface LicenceLimits {
  /** «Унифицированных коммуникаций»: people with an account. */
  people: number;
  /** «Компьютерных клиентов» */
  computers: number;
  /** «SIP-телефонов» */
  sipPhones: number;
  /** «Количество SIP-линий» */
  sipLines: number;
  /** «Количество SIP-разговоров» */
  sipConversations: number;
  /** «Количество диспетчеров» */
  dispatchers: number;
}

/** How much is used; -1: nobody counts it, or the directory does not answer. */
export interface LicenceUse {
  /** Default: -1. */
  people?: number;
  /** Default: -1. */
  computers?: number;
  /** Default: -1. */
  sipPhones?: number;
}

/** Which options may be used. */
export interface LicenceFlags {
  sorm: boolean;
  /** «Система оповещения» */
  alert: boolean;
  voiceMenu: boolean;
  fax: boolean;
  push: boolean;
  geolocation: boolean;
}

/**
 * Something to do about the licence; `days` left until it takes effect, -1 when that is not a matter of days.
 *
 * `kind`: offline, expired, ended-offline, ended-expired, foreign (bound to another installation or login), unknown
 * (no trusted key has signed it), clock (it was set back), over (`what` names a limit that is exceeded), trouble (the
 * last try to update failed; `text` says why).
 */
export interface LicenceProblem {
  kind: string;
  /** Default: -1. */
  days?: number;
  /** Default: "". */
  what?: string;
  /** Default: "". */
  text?: string;
}

/** Everything for the page. */
export interface LicenceView {
  state: string;
  number: string;
  customer: string;
  /** ISO date. */
  issued: string;
  /** ISO date of the last day; empty: without end («бессрочно»). */
  until: string;
  limits: LicenceLimits;
  used: LicenceUse;
  flags: LicenceFlags;
  e1Boards: string[];
  /** The number of this installation. */
  installation: string;
  /** To what the installed one is bound: installation, login, or nothing. */
  bound: string;
  /** A licence server is set up. */
  online: boolean;
  /** Its last good answer; 0: never. */
  contacted: Seconds;
  tried: Seconds;
  problems: LicenceProblem[];
}

/** The licence, what is used of it, and what is wrong with it. */
export type GetLicence = Record<string, never>;

/**
 * Ask the licence server for the licence now.
 *
 * `not-configured` without its address; `licence-server` when it is away, slow or answers nonsense; `bad-login-psw`
 * when it does not know the login; `licence-refused` when what it sent does not count here.
 */
export type UpdateLicence = Record<string, never>;

/** Install a licence file; `licence-refused` with the reason, then nothing changes. */
export interface LoadLicence {
  text: string;
}

/** Go back to the community licence; `not-found` when none is installed. */
export type RemoveLicence = Record<string, never>;

/** «Ключ активации»: the text to be sent to the vendor, who answers with a licence file. */
export interface ActivationKey {
  installation: string;
  text: string;
}

/** The request for a licence that needs no internet. */
export type GetActivationKey = Record<string, never>;

/** Levels, the least serious first. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** A line. `time` is ISO 8601 in UTC with milliseconds; `fields` are what was logged beside the text, as texts. */
export interface LogLine {
  time: string;
  level: string;
  module: string;
  text: string;
  request: string;
  trace: string;
  process: string;
  fields: Record<string, string>;
}

/**
 * Lines, the newest first.
 *
 * `older` is the place to go on from towards the past (empty: there is nothing older), `newer` that to ask from for
 * what comes. `searched` says up to which time was looked when a page is not full.
 */
export interface LogPage {
  lines: LogLine[];
  older: string;
  newer: string;
  searched: string;
}

/**
 * Lines of the log of all processes.
 *
 * `level` is the least serious one shown; `module` the beginning of a part's name; `request` the number of a request;
 * `text` is sought in the whole line without regard to case; `since` and `until` are Unix seconds, 0 for no limit.
 * `older` or `newer` of an answer go on from there: with `newer` come the lines written since, still the newest first.
 */
export interface ListLog {
  /** Default: "debug". */
  level?: LogLevel;
  /** Default: "". */
  module?: string;
  /** Default: "". */
  request?: string;
  /** Default: "". */
  text?: string;
  /** Default: 0.0. */
  since?: number;
  /** Default: 0.0. */
  until?: number;
  /** Default: "". */
  process?: string;
  /** Default: 200. */
  count?: number;
  /** Default: "". */
  older?: string;
  /** Default: "". */
  newer?: string;
}

/** A part that logs. `level` is the one set for it, empty when it follows `effective`. */
export interface LoggerLevel {
  name: string;
  level: string;
  effective: string;
}

/** The levels, and what is kept. `size` is in bytes, `oldest` Unix seconds. */
export interface LogState {
  /** The one set for the whole; empty: as the program was started. */
  level: string;
  loggers: LoggerLevel[];
  processes: string[];
  files: number;
  size: number;
}

/** The parts that log, their levels, and how much is kept. */
export type GetLogLevels = Record<string, never>;

/** Set the level of a part (of the whole without `name`) at once in all processes; an empty one goes back. */
export interface SetLogLevel {
  /** Default: "". */
  name?: string;
  /** Default: "". */
  level?: string;
}

/** Whether letters can be sent, and how long the queue is. */
export interface MailState {
  /** A mail server is configured and mail is switched on. */
  on: boolean;
  /** Letters that wait to be sent. */
  waiting: number;
  /** Letters given up in the last week. */
  failed: number;
  /** Letters sent in the last week. */
  sent: number;
  /** When the letter that waits for longest was written; 0 when none waits. */
  oldest: Seconds;
  /** Why the last try failed; empty when it did not. */
  error: string;
}

/** Whether mail works. Also for other modules: is there a way to send a code? */
export type GetMailState = Record<string, never>;

/** A letter of the queue, without its text. `state` is waiting, sent, failed or cancelled. */
export interface Letter {
  id: number;
  to: string;
  subject: string;
  state: string;
  created: Seconds;
  /** Default: 0. */
  tries?: number;
  /** Default: 0. */
  nextTry?: Seconds;
  /** Default: 0. */
  ended?: Seconds;
  /** Default: "". */
  error?: string;
}

/** A page of letters, newest first, and how many there are. */
export interface Letters {
  letters: Letter[];
  total: number;
}

/** Letters of the last week: those in one state, or all. `page` counts from 1, `size` is 1 to 200. */
export interface ListLetters {
  /** Default: "". */
  state?: string;
  /** Default: 1. */
  page?: number;
  /** Default: 25. */
  size?: number;
}

/** Try a letter that waits now. `not-found` when it does not wait (any more): its text is forgotten. */
export interface RetryLetter {
  id: number;
}

/** Do not send a letter that waits. `not-found` when it does not wait (any more). */
export interface CancelLetter {
  id: number;
}

/**
 * How the test went: `ok`, or the `cause` in one word and a sentence.
 *
 * `cause`: off, refused, timeout, name, tls, authentication, no-authentication, sender, address, letter, protocol,
 * lost.
 */
export interface MailTest {
  ok: boolean;
  /** Default: "". */
  cause?: string;
  /** Default: "". */
  text?: string;
  /** What worked before: connected, encrypted, signed-in, accepted, sent. Default: []. */
  steps?: string[];
}

/**
 * Really talk to the mail server with the settings as they are; with `to` also send a test letter there.
 *
 * Without `to` the server is asked whether it lets us in and takes our sender address, and nothing is sent.
 * `language` of the test letter is ru or en.
 */
export interface TestMail {
  /** Default: "". */
  to?: string;
  /** Default: "ru". */
  language?: string;
}

/** A component in one process. `since` is Unix time in seconds. */
export interface ComponentView {
  name: string;
  title: string;
  titleRu: string;
  summary: string;
  /** ok, degraded, failed, stopped, starting, stopping; silent when its process does not answer */
  state: string;
  text: string;
  textRu: string;
  since: number;
  /** Who stopped it, or restarted it last. */
  who: string;
  /** restart, stop, start: what can be done with it now. */
  actions: string[];
  /** The process on the bus; empty when there is only one. */
  process: string;
  processName: string;
}

/** All components of all processes. */
export type ListComponents = Record<string, never>;

/**
 * Stop and start a component and those that need it; in one process, when that is named.
 *
 * The answer means that it has begun; `list-components` shows how it goes on. `not-found` for an unknown component,
 * `bad-request` when it is just being stopped or started.
 */
export interface RestartComponent {
  name: string;
  /** Default: "". */
  process?: string;
}

/** Stop a component and those that need it; as `restart-component`. `bad-request` for the console's own. */
export interface StopComponent {
  name: string;
  /** Default: "". */
  process?: string;
}

/** Start a stopped component, what it needs, and what its stop took along; as `restart-component`. */
export interface StartComponent {
  name: string;
  /** Default: "". */
  process?: string;
}

/** End every process in order and begin it anew; the console is away for some seconds. */
export type RestartProgram = Record<string, never>;

/** A process now. */
export interface ProcessView {
  process: string;
  name: string;
  /** ok, degraded, failed; silent when it does not answer */
  state: string;
  /** ok, degraded or failed by name of the part. */
  parts: Record<string, string>;
  figures: Record<string, number>;
}

/** Everything measured now. `time` is Unix seconds. */
export interface Now {
  time: number;
  /** The worst of all processes: ok, degraded, failed. */
  state: string;
  started: number;
  /** Sums and shared figures of all processes. */
  figures: Record<string, number>;
  processes: ProcessView[];
}

/** What is measured now. */
export type GetMonitor = Record<string, never>;

/** How far a chart goes back, in the resolution that suits it. */
export type Span = "hour" | "day" | "week" | "month" | "year";

/** One figure over time; None where nothing was measured. */
export interface Line {
  name: string;
  values: (number | null)[];
}

/** Figures at the same times, Unix seconds, `step` apart; each value is the mean of its step. */
export interface Series {
  step: number;
  times: number[];
  lines: Line[];
}

/** Figures over a span; all when none is named. A figure that was not measured in the span has no line. */
export interface GetSeries {
  /** Default: "hour". */
  span?: Span;
  /** Default: []. */
  names?: string[];
}

/** Something that is wrong, or worth knowing. */
export interface Problem {
  code: string;
  part: string;
  /** error, warning or notice */
  severity: string;
  text: string;
  textRu: string;
  since: number;
  /** The page of the console where it is put right; may be empty. */
  fix: string;
  process: string;
}

/** What is wrong now, the worst first. */
export type ListProblems = Record<string, never>;

/** What is looked at. */
export type CheckKind = "listener" | "certificate" | "dns" | "time" | "host";

/** One thing and how it was when it was looked at last. */
export interface NetworkCheck {
  kind: CheckKind;
  /** A listener, a server, or the setting `section.key` that names the other side. */
  name: string;
  /** The address that was asked. */
  target: string;
  /** ok, degraded, failed */
  state: string;
  /** What was found: an address, a date, a cause in plain words. */
  text: string;
  textRu: string;
  /** The page of the console where it is put right; may be empty. */
  fix: string;
  /** Unix seconds. */
  checked: number;
  /** Seconds that it took. */
  duration: number;
}

/** All checks. `every` is how often, in seconds, they are done by themselves. */
export interface NetworkView {
  checks: NetworkCheck[];
  every: number;
}

/** What was found last. */
export type GetNetwork = Record<string, never>;

/** Look at everything now; takes at most about ten seconds. */
export type CheckNetwork = Record<string, never>;

/** One thing that can be set. Titles and descriptions are English; `…Ru` are Russian and may be empty. */
export interface SettingOption {
  key: string;
  /** text, integer, number, yes-no, list, table, path or choice. */
  type: string;
  /** Default: "". */
  title?: string;
  /** Default: "". */
  titleRu?: string;
  /** Default: "". */
  description?: string;
  /** Default: "". */
  descriptionRu?: string;
  default?: unknown;
  /** Null is a value of its own. Default: false. */
  optional?: boolean;
  /** An empty value is refused. Default: false. */
  needed?: boolean;
  /** Default: false. */
  secret?: boolean;
  /** host, ip, port, email, url, network, or lines for a text of many lines. Default: "". */
  format?: string;
  /** What must be started anew before a change counts; empty: it counts at once. Default: "". */
  restarts?: string;
  /** By the names ge, gt, le, lt, multiple_of, min_length, max_length, pattern. Default: {}. */
  bounds?: Record<string, unknown>;
  /** Default: []. */
  choices?: unknown[];
}

/** A section: its options and their values of now, by key. */
export interface SettingsSection {
  name: string;
  title: string;
  titleRu: string;
  options: SettingOption[];
  values: Record<string, unknown>;
}

/** A value before and after; null: the default. */
export interface SettingDifference {
  section: string;
  key: string;
  before: unknown;
  after: unknown;
  /** Default: false. */
  secret?: boolean;
}

/** What was changed, and what must be restarted before all of it counts. */
export interface SettingsApplied {
  changes: SettingDifference[];
  restarts: string[];
}

/** One line of the history; `before` and `after` are null for the default. */
export interface SettingChange {
  id: number;
  time: number;
  who: string;
  section: string;
  key: string;
  before: unknown;
  after: unknown;
  /** Default: false. */
  secret?: boolean;
}

/** Every value that was set. Secrets are left out; `secrets` names those that are set and have to be typed anew. */
export interface SettingsExport {
  /** `roschat-settings-1`. */
  format: string;
  made: number;
  sections: Record<string, Record<string, unknown>>;
  secrets: string[];
}

/** Why a value of an import cannot be taken: a reason of a field, or `unknown` for a section or key. */
export interface SettingRefusal {
  section: string;
  key: string;
  reason: string;
  /** Default: "". */
  text?: string;
}

/** What an import changes; nothing is applied while there is a refusal. */
export interface SettingsImported {
  changes: SettingDifference[];
  refused: SettingRefusal[];
  restarts: string[];
  applied: boolean;
}

/** All sections, by name. */
export type ListSettings = Record<string, never>;

/** One section. */
export interface GetSettings {
  section: string;
}

/** Change values of a section, all of them or none; keys that are left out stay as they are. */
export interface PutSettings {
  section: string;
  values: Record<string, unknown>;
}

/** Who changed what, the newest first; of all sections when `section` is empty. */
export interface ListSettingChanges {
  /** Default: "". */
  section?: string;
  /** Default: "". */
  key?: string;
  /** The id to go on from; 0: the newest. Default: 0. */
  before?: number;
  /** Default: 50. */
  count?: number;
}

/** Who changed what of a section, the newest first. */
export interface ListSectionChanges {
  section: string;
  /** Default: "". */
  key?: string;
  /** Default: 0. */
  before?: number;
  /** Default: 50. */
  count?: number;
}

/** Give a setting the value that it had before a change. */
export interface RollbackSetting {
  id: number;
}

/** What became of the settings between two moments, Unix seconds; `until` 0 is now. */
export interface CompareSettings {
  since: number;
  /** Default: 0.0. */
  until?: number;
}

/** All settings as one document, for `POST /settings-import` here or on another server. */
export type ExportSettings = Record<string, never>;

/** Take values of an export; without `apply` only tell what would change and what cannot be taken. */
export interface ImportSettings {
  sections: Record<string, Record<string, unknown>>;
  /** Default: false. */
  apply?: boolean;
}

/** What a console user is, in the order of the form. */
export type ConsoleRole = "security" | "admin" | "operator";

/** What is asked beside the password: nothing, a code of an authenticator application, or a code by mail. */
export type Factor = "none" | "totp" | "mail";

/** Who is signed in. `id` is that of the user; `expires` is when the session ends. */
export interface SessionView {
  id: number;
  login: string;
  /** Surname, name and patronymic, those that there are; else the login. */
  name: string;
  role: ConsoleRole;
  mustChangePassword: boolean;
  factor: Factor;
  expires: Seconds;
}

/**
 * Sign in; the answer sets the cookie of the session.
 *
 * Errors: `bad-login-psw`; `too-many-requests` after wrong tries; `second-factor` with `fields.factor` (totp, mail)
 * and `fields.code`: `needed` (by mail: it is on its way) or `bad-value`; `access-denied` for the first password from
 * outside of private networks. `code` may also be a recovery code. `remember` keeps the session for weeks.
 */
export interface SignInToConsole {
  login: string;
  password: string;
  /** Default: "". */
  code?: string;
  /** Default: false. */
  remember?: boolean;
}

/** Who is signed in. */
export type GetConsoleSession = Record<string, never>;

/** End this session. */
export type SignOutOfConsole = Record<string, never>;

/**
 * Change one's own password; the other sessions of the user end.
 *
 * Errors: `bad-login-psw` for a wrong old password; `bad-request` with `fields.newPassword`.
 */
export interface ChangeConsolePassword {
  oldPassword: string;
  newPassword: string;
}

/** A user as the security administrator sees it. */
export interface ConsoleUser {
  id: number;
  login: string;
  surname: string;
  name: string;
  patronymic: string;
  email: string;
  role: ConsoleRole;
  active: boolean;
  mustChangePassword: boolean;
  factor: Factor;
  created: Seconds;
  /** When a session of the user was last used; 0: none is open. Default: 0. */
  seen?: Seconds;
  /** Open sessions. Default: 0. */
  sessions?: number;
}

/** All users of the console, by login. */
export type ListConsoleUsers = Record<string, never>;

/** The number of a new user. */
export interface ConsoleUserId {
  id: number;
}

/**
 * Add a user; `bad-request` with `fields` for values that break a rule.
 *
 * The login has Latin letters, digits and . _ - @, no other user has it, and it stays as it is. The password has 10
 * characters or more, is not the login and not well known.
 */
export interface AddConsoleUser {
  login: string;
  password: string;
  role: ConsoleRole;
  surname: string;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  patronymic?: string;
  /** Default: "". */
  email?: string;
  /** Default: false. */
  mustChangePassword?: boolean;
}

/**
 * Change a user; an empty password stays as it was.
 *
 * Sessions end with another password, another role and with deactivation. The last active security administrator
 * cannot be given another role or be deactivated: `access-denied`.
 */
export interface ChangeConsoleUser {
  id: number;
  role: ConsoleRole;
  surname: string;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  patronymic?: string;
  /** Default: "". */
  email?: string;
  /** Default: true. */
  active?: boolean;
  /** Default: "". */
  password?: string;
  /** Default: false. */
  mustChangePassword?: boolean;
}

/** Delete a user and end its sessions; `access-denied` for the last active security administrator. */
export interface DeleteConsoleUser {
  id: number;
}

/** Let a user sign in with the password alone, for instance after the loss of a telephone. */
export interface ResetSecondFactor {
  id: number;
}

/** A browser that is signed in. */
export interface ConsoleSession {
  id: number;
  address: string;
  /** What the browser calls itself (User-Agent). */
  client: string;
  created: Seconds;
  seen: Seconds;
  expires: Seconds;
  remember: boolean;
  /** Whether it is the one that asks. */
  current: boolean;
}

/** Open sessions of a user, the last used first. */
export interface ListConsoleSessions {
  id: number;
}

/** End a session of a user, or all (0). */
export interface EndConsoleSessions {
  id: number;
  /** Default: 0. */
  session?: number;
}

/** One's own account. */
export interface ConsoleAccount {
  id: number;
  login: string;
  surname: string;
  name: string;
  patronymic: string;
  email: string;
  role: ConsoleRole;
  factor: Factor;
  /** How many are left. */
  recoveryCodes: number;
  /** Whether codes can be sent by mail: a mail server is configured. */
  mail: boolean;
}

/** One's own account. */
export type GetConsoleAccount = Record<string, never>;

/** One's own sessions, the last used first. */
export type ListOwnSessions = Record<string, never>;

/** End one of one's own sessions, or all but this (0). */
export interface EndOwnSessions {
  /** Default: 0. */
  session?: number;
}

/** What an authenticator application needs; it counts when a code was confirmed. */
export interface TotpOffer {
  /** Base32, for typing in. */
  secret: string;
  /** otpauth://… */
  uri: string;
  /** The same as a picture (SVG). */
  qr: string;
}

/** Begin with codes of an authenticator application. `bad-login-psw` for a wrong password. */
export interface OfferTotp {
  password: string;
}

/** Each may be used once instead of a code. They are shown once. */
export interface RecoveryCodes {
  codes: string[];
}

/** Switch codes of the application on; `fields.code` when the code is not the one of now. */
export interface ConfirmTotp {
  code: string;
}

/** Begin with codes by mail: one is sent to `email`. Errors: `bad-login-psw`, `mail-off`, `fields.email`. */
export interface OfferMailCode {
  password: string;
  email: string;
}

/** Switch codes by mail on; `fields.code` when it is not the one that was sent. */
export interface ConfirmMailCode {
  code: string;
}

/** New recovery codes; the former ones count no more. `bad-login-psw` for a wrong password. */
export interface RenewRecoveryCodes {
  password: string;
}

/** Sign in with the password alone from now on. `bad-login-psw` for a wrong password. */
export interface DropSecondFactor {
  password: string;
}

/** A key for a program. The key itself is shown once, when it is made. */
export interface ApiKey {
  id: number;
  name: string;
  role: ConsoleRole;
  /** Tags of the ways that it opens; empty: all of its role. */
  scopes: string[];
  readOnly: boolean;
  /** The first characters, to recognise it by. */
  start: string;
  created: Seconds;
  createdBy: string;
  /** 0: never. */
  expires: Seconds;
  /** When it was last used; 0: never. */
  seen: Seconds;
}

/** All keys, the newest first. */
export type ListApiKeys = Record<string, never>;

/** A key, in full only here: `Authorization: Bearer rk_…`. */
export interface NewApiKey {
  id: number;
  key: string;
}

/** Make a key. `scopes` are tags of ways; `expires` is a Unix time, 0 for never. */
export interface AddApiKey {
  name: string;
  role: ConsoleRole;
  /** Default: []. */
  scopes?: string[];
  /** Default: true. */
  readOnly?: boolean;
  /** Default: 0. */
  expires?: Seconds;
}

/** The key opens nothing from now on. */
export interface DeleteApiKey {
  id: number;
}

/** A tag of ways, with the roles that reach any of them. */
export interface Scope {
  name: string;
  roles: ConsoleRole[];
}

/** What a key can be limited to. */
export type ListScopes = Record<string, never>;

/** The steps, in their order. */
export type Step = "password" | "administrator" | "address" | "certificate" | "mail" | "people" | "test";

/** Whether a step still waits. */
export type StepState = "waiting" | "done" | "skipped";

/** A step of the caller's role. */
export interface WizardStep {
  name: Step;
  state: StepState;
}

/** The steps of the caller's role; `open` says that they are to be shown after the sign-in. */
export interface Wizard {
  open: boolean;
  steps: WizardStep[];
}

/** How far the installation is. */
export type GetWizard = Record<string, never>;

/** Say that a step of one's role is done, skipped, or waits again. */
export interface PutWizardStep {
  step: Step;
  state: StepState;
}

/** Put the wizard away for the own role, or bring it back. */
export interface PutWizard {
  open: boolean;
}

/** What a rule is about (R-ROLE-006…015), in the order of the console. */
export type RoleAction = "outgoing-call" | "incoming-call" | "outgoing-message" | "incoming-message" | "outgoing-media" | "status-received" | "status-read" | "create-group" | "see-contact" | "search-contact" | "use-mobile" | "use-computer" | "use-web" | "use-radio";

/** For whom on the other side a rule holds. */
export type RuleScope = "all" | "roles" | "contacts";

/**
 * Allows or denies one action towards everybody, the members of some roles, or some contacts.
 *
 * Rules about applications hold for `all` alone: there is nobody on the other side.
 */
export interface RoleRule {
  action: RoleAction;
  allow: boolean;
  /** Default: "all". */
  scope?: RuleScope;
  /** Default: []. */
  roles?: number[];
  /** Default: []. */
  contacts?: ContactId[];
}

/** A role in the list. */
export interface RoleView {
  id: number;
  name: string;
  description: string;
  base: boolean;
  /** Active people who have it. */
  members: number;
  rules: number;
}

/** A role with its rules. */
export interface RoleCard {
  id: number;
  name: string;
  description: string;
  base: boolean;
  members: number;
  rules: RoleRule[];
}

/** All roles, the base role first, then by name. */
export type ListRoles = Record<string, never>;

/** A new role without rules. `fields.name`: empty, too-long (100 characters), taken. */
export interface AddRole {
  name: string;
  /** Default: "". */
  description?: string;
}

/** A role with its rules; `not-found`. */
export interface GetRole {
  role: number;
}

/** Rename or describe a role; the base role may be described only. */
export interface ChangeRole {
  role: number;
  name: string;
  /** Default: "". */
  description?: string;
}

/** Delete a role: its members get the base role, rules of others name it no more. The base role stays. */
export interface DeleteRole {
  role: number;
}

/**
 * Replace all rules of a role; the base role takes none.
 *
 * For one action at most one rule holds for `all`, and nobody is named twice. `bad-request` names what breaks this,
 * an unknown role or contact, or a rule that names nobody.
 */
export interface SetRoleRules {
  role: number;
  rules: RoleRule[];
}

/** Give the role to contacts instead of the one they have; the base role takes theirs away. */
export interface GiveRole {
  role: number;
  contacts: ContactId[];
}

/** A line of the table «Ресурс / Статус / Настройка правил» of a contact. */
export interface ContactRoleRow {
  action: RoleAction;
  /** What holds towards those whom no rule names. */
  allowed: boolean;
  /** How many rules and personal exceptions name roles or contacts. */
  exceptions: number;
  /** The contact has a personal exception about it. */
  personal: boolean;
}

/** The role of a contact, its personal exceptions, and what comes of both. */
export interface ContactRole {
  cid: ContactId;
  role: number;
  name: string;
  description: string;
  exceptions: RoleRule[];
  table: ContactRoleRow[];
}

/** The role model as it is for one contact. */
export interface GetContactRole {
  cid: ContactId;
}

/** Give a contact another role. */
export interface SetContactRole {
  cid: ContactId;
  role: number;
}

/** Replace all personal exceptions of a contact; refused like the rules of a role. */
export interface SetContactExceptions {
  cid: ContactId;
  exceptions: RoleRule[];
}

/** What a role says of an action: `allowed` towards those whom no rule names, and how many rules name somebody. */
export interface MatrixCell {
  action: RoleAction;
  allowed: boolean;
  named: number;
}

/** A role and its cells, in the order of the actions. */
export interface MatrixRow {
  role: number;
  name: string;
  cells: MatrixCell[];
}

/** Roles × actions. */
export type GetRoleMatrix = Record<string, never>;

/** Whether a member of the row's role may do it to a member of `role`, and whose rule says so (0: none, allowed). */
export interface PairCell {
  role: number;
  allowed: boolean;
  by: number;
}

/** A role and its cells, in the order of the rows. */
export interface PairRow {
  role: number;
  name: string;
  cells: PairCell[];
}

/** Roles × roles for one action, as between members without personal exceptions whom no rule names. */
export interface GetRolePairs {
  action: RoleAction;
}

/** The rule that decided: of a contact (a personal exception, `role` 0) or of a role. */
export interface DecidingRule {
  /** Whose side it is: the acting contact, or the other one. */
  owner: ContactId;
  personal: boolean;
  role: number;
  roleName: string;
  action: RoleAction;
  allow: boolean;
  scope: RuleScope;
}

/** `by` is absent when no rule is about it: then it is allowed. `text` says the same in English. */
export interface RoleDecision {
  allowed: boolean;
  text: string;
  by?: DecidingRule;
}

/** May `actor` do this to `target`? Without a target (0): to everybody, as in a group or for an application. */
export interface CheckRoles {
  actor: ContactId;
  action: RoleAction;
  /** Default: 0. */
  target?: ContactId;
}

/** The roles of contacts, in their order; for lists that show them. */
export interface ContactRoles {
  cids: ContactId[];
}

/** Give or take the verified mark (R-ADM-004). `not-found` for a closed channel: the console knows none. */
export interface VerifyChannel {
  chId: ChannelId;
  /** Default: true. */
  verified?: boolean;
}

/** A public channel as the console lists it. */
export interface ChannelRow {
  chId: ChannelId;
  name: string;
  description: string;
  verified: boolean;
  avatar: FileName;
  admins: number;
  subscribers: number;
  publications: number;
  created: Seconds;
  /** When the newest publication appeared; 0 when there is none. */
  lastTime: Seconds;
}

/** Some of the public channels, and how many match. */
export interface ChannelPage {
  channels: ChannelRow[];
  total: number;
}

/**
 * Public channels whose name or description holds the words of `text`; a closed channel is never listed.
 *
 * `verified` is yes, no or empty for both; `sort` is name, subscribers, created or last; `page` counts from 1, `size`
 * is 1 to 1000.
 */
export interface ListPublicChannels {
  /** Default: "". */
  text?: string;
  /** Default: "". */
  verified?: string;
  /** Default: "name". */
  sort?: string;
  /** Default: false. */
  descending?: boolean;
  /** Default: 1. */
  page?: number;
  /** Default: 25. */
  size?: number;
}

/** What a person may use (R-DIR-011…026): RosChat's own services first, then those of a PBX. */
export type ServiceType = "computer" | "mobile" | "sip" | "radio" | "tetra" | "videomost" | "pbx-sip" | "pbx-analog" | "pbx-dect" | "pbx-isdn-tdm" | "pbx-fxs" | "pbx-isdn" | "dx500-sip" | "dx500-cta" | "dx500-ata";

/**
 * Contacts whose field holds the text `value`, in either case, ё as е.
 *
 * `type` is one of directory.CARD_FIELDS, "number", "email", "login", or "custom" with the `name` of the field. Of
 * "manager" and "assistant" the value is a cid or a part of that person's name. With `exact` the whole value of one
 * field is compared, and an empty value finds the contacts without the field.
 */
export interface FieldFilter {
  type: string;
  /** Default: "". */
  value?: string;
  /** Default: "". */
  name?: string;
  /** Default: false. */
  exact?: boolean;
}

/** Which people. Everything that is given must be true at once; with nothing given all active people match. */
export interface ContactFilter {
  /** Words or parts of words, in any order, of name, number, login, e-mail, position, department, organisation. Default: "". */
  text?: string;
  /** Default: []. */
  fields?: FieldFilter[];
  /** All of these are granted. Default: []. */
  services?: ServiceType[];
  /** None of these is granted. Default: []. */
  withoutServices?: ServiceType[];
  /** active, inactive or all. Default: "active". */
  state?: string;
  /** any, with, without or blocked. Default: "any". */
  account?: string;
  /** Has this role of the role model; 0: whichever. Default: 0. */
  role?: number;
  /** Only these; empty: everybody. Default: []. */
  cids?: ContactId[];
}

/** One line of the list. `number` and `email` are the main ones, `numbers` and `emails` all, with ", " between. */
export interface ContactRow {
  cid: ContactId;
  rev: Revision;
  /** Default: "". */
  surname?: string;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  patronymic?: string;
  /** Default: "". */
  number?: string;
  /** Default: "". */
  email?: string;
  /** Default: "". */
  numbers?: string;
  /** Default: "". */
  emails?: string;
  /** Default: "". */
  login?: string;
  /** Default: "". */
  organisation?: string;
  /** Default: "". */
  department?: string;
  /** Default: "". */
  position?: string;
  /** Default: "". */
  room?: string;
  /** Default: "". */
  birthday?: string;
  /** Default: []. */
  services?: string[];
  /** Default: true. */
  active?: boolean;
  /** Default: false. */
  blocked?: boolean;
  /** Default: "". */
  avatar?: FileName;
  /** Default: 0. */
  changed?: Seconds;
}

/** Some of the contacts that match, and how many match. */
export interface ContactPage {
  contacts: ContactRow[];
  total: number;
}

/** Find people. `sort` is one of SORTS, `page` counts from 1, `size` is 1 to 1000; 0 («Все») is 1000 as well. */
export interface FindContacts {
  /** Default: {}. */
  filter?: ContactFilter;
  /** Default: "name". */
  sort?: string;
  /** Default: false. */
  descending?: boolean;
  /** Default: 1. */
  page?: number;
  /** Default: 20. */
  size?: number;
}

/** A value that cards have, as most of them write it, and how many. */
export interface ValueCount {
  value: string;
  count: number;
}

/** Values of a card field (one of VALUE_TYPES) of active people that hold `text`, the most frequent first. */
export interface ListContactValues {
  type: string;
  /** Default: "". */
  text?: string;
  /** Default: 50. */
  count?: number;
}

/** One field of a card, as directory.CardField: `type` is of CARD_FIELDS, number, email, or custom with a `name`. */
export interface ContactField {
  type: string;
  /** Default: "". */
  value?: string;
  /** Default: "". */
  name?: string;
}

/** A person who is named on a card. */
export interface NamedContact {
  cid: ContactId;
  name: string;
}

/** A contact with everything that its page shows at once. */
export interface ContactCard {
  cid: ContactId;
  /** Give it back with a change: a card that was changed meanwhile is not overwritten. */
  rev: Revision;
  fields: ContactField[];
  /** Default: "". */
  description?: string;
  /** Default: "". */
  avatar?: FileName;
  /** Default: true. */
  active?: boolean;
  /** The manager and the assistant. Default: []. */
  people?: NamedContact[];
  /** Default: "". */
  login?: string;
  /** The account is blocked: nobody signs in with it. Default: false. */
  blocked?: boolean;
  /** Default: []. */
  services?: string[];
  /** online, busy, away or offline Default: "offline". */
  status?: string;
  /** When an offline contact was last online; 0: never. Default: 0. */
  seenTime?: Seconds;
  /** Default: 0. */
  createdTime?: Seconds;
  /** Default: 0. */
  changedTime?: Seconds;
}

/** The id of a contact. */
export interface ContactNumber {
  cid: ContactId;
}

/** One person; `not-found` for a deleted one. */
export interface GetContactCard {
  cid: ContactId;
}

/**
 * Add a person. Only a surname is needed; the working day is 9:00 to 18:00 unless given.
 *
 * Refused with `bad-request` or `number-taken`; `fields` of the refusal name the field by its type, the second of a
 * type as `number.1`, with the reason.
 */
export interface CreateContact {
  fields: ContactField[];
  /** Default: "". */
  description?: string;
}

/**
 * Replace the fields of a card; refused like create-contact, and with `conflict` when `rev` is not the last one.
 *
 * `rev` 0 overwrites whatever is there.
 */
export interface ChangeCard {
  cid: ContactId;
  fields: ContactField[];
  /** Default: 0. */
  rev?: Revision;
  /** Absent: as it is. */
  description?: string;
}

/** Make a picture (JPEG, PNG, GIF or WebP, up to 8 MB, in base64) the avatar; an empty one takes it away. */
export interface SetContactAvatar {
  cid: ContactId;
  /** Default: "". */
  picture?: string;
}

/** An avatar, of at most 640 pixels where a smaller copy is kept. */
export interface ContactPicture {
  contentType: string;
  picture: string;
}

/** The picture of a contact, in base64; `not-found` when it has none. */
export interface GetContactAvatar {
  cid: ContactId;
}

/** Deactivate a contact: everything it has open ends within two seconds; or take it back. */
export interface ActivateContact {
  cid: ContactId;
  active: boolean;
}

/**
 * Take a contact out of the directory for good.
 *
 * Its login, numbers and services are free for others, everything it has open ends, and of the card the name stays,
 * under which its messages are shown.
 */
export interface DeleteContact {
  cid: ContactId;
}

/**
 * Make an account, or change its login, its password or both; an empty one stays as it is.
 *
 * A new account needs both and gets the services `services`. A new password signs every device out. Refused with
 * `bad-request` and `login-taken`, with `fields`.
 */
export interface SetContactAccount {
  cid: ContactId;
  /** Default: "". */
  login?: string;
  /** Default: "". */
  password?: string;
  /** Default: ["computer","mobile"]. */
  services?: ServiceType[];
}

/** Take the account away; the card stays. Everything signed in with it ends. */
export interface RemoveContactAccount {
  cid: ContactId;
}

/** Let nobody sign in with this account until it is unblocked; what is signed in ends. The card stays as it is. */
export interface BlockAccount {
  cid: ContactId;
  blocked: boolean;
}

/** Where the letter goes. */
export interface LetterSent {
  to: string;
}

/**
 * Send the person a letter with login and password; the login must be an e-mail address (`bad-request` otherwise).
 *
 * `password` is the one of the account, refused when it is not. Without it a new random one is made, set and sent.
 */
export interface SendCredentials {
  cid: ContactId;
  /** Default: "". */
  password?: string;
}

/** A service of a contact with its parameters, by the names of ServiceParameter. */
export interface ContactService {
  type: ServiceType;
  /** Default: {}. */
  params?: Record<string, string>;
}

/** A server of an integration that a service needs. */
export interface ServiceServer {
  id: string;
  name: string;
}

/** What a service asks; `kind` is number (1 to 20 digits, * and #), ssi (of TETRA), or server (of `choices`). */
export interface ServiceParameter {
  name: string;
  /** Default: "number". */
  kind?: string;
  /** Default: true. */
  needed?: boolean;
  /** Default: []. */
  choices?: ServiceServer[];
}

/** A service that can be granted. `available` is false while the integration that it needs is not configured. */
export interface ServiceOffer {
  type: ServiceType;
  /** roschat or pbx */
  group: string;
  /** Default: []. */
  params?: ServiceParameter[];
  /** Default: true. */
  available?: boolean;
}

/** All services with what each asks, in the order of the console. */
export type ListServices = Record<string, never>;

/** What the contact may use. */
export interface GetContactServices {
  cid: ContactId;
}

/**
 * Replace all services of a contact. Sessions of applications it may not use any more end at once.
 *
 * Refused with `bad-request` (a parameter; a type twice), `number-taken`, or what `may-grant-service` answers; the
 * `fields` are the parameters.
 */
export interface SetContactServices {
  cid: ContactId;
  services: ContactService[];
}

/** Grant a service. `already-exists` when the contact has it; else refused like set-contact-services. */
export interface AddContactService {
  cid: ContactId;
  type: ServiceType;
  /** Default: {}. */
  params?: Record<string, string>;
}

/** Change the parameters of a service that the contact has; refused like set-contact-services. */
export interface ChangeContactService {
  cid: ContactId;
  type: ServiceType;
  /** Default: {}. */
  params?: Record<string, string>;
}

/** Take a service away; `not-found` when the contact does not have it. */
export interface RemoveContactService {
  cid: ContactId;
  type: ServiceType;
}

/** A signed-in device of a contact. */
export interface DeviceConnection {
  device: DeviceId;
  /** mobile, computer or web */
  kind: string;
  /** Type and version as the client calls itself. Default: "". */
  client?: string;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  address?: string;
  /** Default: false. */
  online?: boolean;
  /** The last successful authorisation. Default: 0. */
  authorisedTime?: Seconds;
  /** Since when it is connected; 0 when it is not. Default: 0. */
  sinceTime?: Seconds;
  /** When one that is not connected was last here. Default: 0. */
  seenTime?: Seconds;
}

/** The signed-in devices of a contact, connected ones first. */
export interface ListConnections {
  cid: ContactId;
}

/** Sign a device out; `not-found` when the contact has none like this. */
export interface EndConnection {
  cid: ContactId;
  device: DeviceId;
}

/** Sign every device of a contact out. */
export interface EndConnections {
  cid: ContactId;
}

/** An iBeacon: a UUID with two numbers from 0 to 65535. */
export interface BeaconView {
  id: number;
  uuid: string;
  minor: number;
  major: number;
}

/** A circle on the map, and the beacons that mean the same place. Degrees of WGS 84, metres. */
export interface GeozoneView {
  id: number;
  name: string;
  latitude: number;
  longitude: number;
  radius: number;
  /** Default: []. */
  beacons?: BeaconView[];
}

/** All places by name. */
export type ListGeozones = Record<string, never>;

/** The number of a new place or beacon. */
export interface GeozoneAdded {
  id: number;
}

/**
 * Add a place. Numbers come as they were typed, a comma counts as a point.
 *
 * `bad-request` with `fields`: name (empty, too-long, taken), latitude (-90 to 90), longitude (-180 to 180), radius
 * (0 to 1000 metres): empty, bad-value, too-small, too-large.
 */
export interface AddGeozone {
  name: string;
  latitude: string;
  longitude: string;
  radius: string;
}

/** Change a place; refused like add-geozone. */
export interface ChangeGeozone {
  id: number;
  name: string;
  latitude: string;
  longitude: string;
  radius: string;
}

/** Remove a place with its beacons. */
export interface RemoveGeozone {
  id: number;
}

/**
 * Add a beacon to a place.
 *
 * `bad-request` with `fields`: uuid (empty, bad-value, taken), minor and major (0 to 65535): empty, bad-value.
 */
export interface AddBeacon {
  zone: number;
  uuid: string;
  minor: string;
  major: string;
}

/** Remove a beacon. */
export interface RemoveBeacon {
  zone: number;
  id: number;
}

/** Somebody who waits for an administrator. */
export interface RegistrationView {
  id: number;
  email: string;
  surname: string;
  name: string;
  address: string;
  created: Seconds;
}

/** Those who wait, the first one first; at most a thousand. */
export type ListRegistrations = Record<string, never>;

/** Make the card and the account, and write to the person. Refused when the licence has no room. */
export interface ApproveRegistration {
  id: number;
}

/** Say no; the person is not told, and the address cannot ask again for a month. */
export interface RefuseRegistration {
  id: number;
}

/** Which contacts; the same as the filter of `find-contacts`. `cids` alone are exactly these. */
export interface MassSelection {
  /** Default: "". */
  text?: string;
  /** Default: []. */
  fields?: MassFieldFilter[];
  /** Default: []. */
  services?: string[];
  /** Default: []. */
  withoutServices?: string[];
  /** active, inactive, all Default: "active". */
  state?: string;
  /** any, with, without, blocked Default: "any". */
  account?: string;
  /** Default: 0. */
  role?: number;
  /** Default: []. */
  cids?: ContactId[];
}

/** A field of the card that holds `value`; `type` as in a card, or login. */
export interface MassFieldFilter {
  type: string;
  /** Default: "". */
  value?: string;
  /** Default: "". */
  name?: string;
  /** Default: false. */
  exact?: boolean;
}

/**
 * What becomes of one field of every card. `value` is a template.
 *
 * `action`: "set" (of numbers and e-mails: the main one), "add" one more number or e-mail, "replace" the text `find`
 * inside of it, "clear" (of numbers and e-mails: all). With `only_empty` cards that have the field keep it.
 */
export interface MassField {
  type: string;
  /** Default: "". */
  value?: string;
  /** Of a custom field. Default: "". */
  name?: string;
  /** Default: "set". */
  action?: string;
  /** Default: "". */
  find?: string;
  /** Default: false. */
  onlyEmpty?: boolean;
}

/** A service that is granted with these parameters (templates), or with `remove` taken away. */
export interface MassService {
  type: string;
  /** Default: {}. */
  params?: Record<string, string>;
  /** Default: false. */
  remove?: boolean;
}

/** `kind`: "" no new one, "value" the given one, "number" the main number of the card, "random". */
export interface MassPassword {
  /** Default: "". */
  kind?: string;
  /** Default: "". */
  value?: string;
  /** Characters of a random one, 10 to 64. Default: 12. */
  length?: number;
}

/**
 * What becomes of every contact; what is not named stays as it is.
 *
 * `login` is a template; a contact without an account gets one and needs a password with it, and gets the services
 * computer and mobile when it would have none. `active`: "", "yes", "no".
 */
export interface MassChange {
  /** Default: []. */
  fields?: MassField[];
  /** Default: []. */
  services?: MassService[];
  /** Default: "". */
  login?: string;
  /** Default: {}. */
  password?: MassPassword;
  /** Default: "". */
  active?: string;
}

/**
 * The simple mode of adding: one contact for each list number from `first` on.
 *
 * Login: the number; with `login` "number.login"; with `domain` also "@domain". `name` is put before the number to
 * make the surname.
 */
export interface MassNumbers {
  first: number;
  count: number;
  /** Default: 1. */
  step?: number;
  /** number, number-login, number-login-domain Default: "number". */
  loginForm?: string;
  /** Default: "". */
  login?: string;
  /** Default: "". */
  domain?: string;
  /** Default: "Абонент". */
  name?: string;
}

/** The plan that is being made or carried out, and the job that does it. */
export interface MassStarted {
  plan: number;
  job: number;
}

/**
 * Make a plan: of new contacts (`add`, so many, or `numbers`) or of a change to those of `selection`.
 *
 * A template that cannot be parsed is `bad-template`; its place is in the text, its field in `fields`.
 */
export interface PreviewMassChange {
  /** Default: {}. */
  change?: MassChange;
  /** Default: 0. */
  add?: number;
  numbers?: MassNumbers;
  selection?: MassSelection;
  /** Default: "". */
  title?: string;
}

/** What a template gives, or why it is none. */
export interface TemplateSample {
  /** Default: []. */
  samples?: string[];
  /** Default: "". */
  error?: string;
  /** Default: "". */
  macro?: string;
  /** Where the macro begins, counted from 1. Default: 0. */
  position?: number;
}

/** What a template gives for the first contacts of a selection, without one for an example person. */
export interface TryTemplate {
  template: string;
  selection?: MassSelection;
  /** Default: 3. */
  count?: number;
}

/**
 * A mass operation in the history.
 *
 * `kind`: add, edit, import. `state`: preparing, ready, applying, applied, undoing, undone, failed, cancelled.
 * `passwords` are pairs that can still be downloaded, `mailable` those whose owner has an address and got no letter.
 */
export interface MassPlanView {
  id: number;
  kind: string;
  title: string;
  state: string;
  who: string;
  created: Seconds;
  /** Default: 0. */
  applied?: Seconds;
  /** Default: 0. */
  undone?: Seconds;
  /** When it is forgotten, and with it the way back. Default: 0. */
  until?: Seconds;
  /** Default: 0. */
  job?: number;
  /** Default: 0. */
  total?: number;
  /** Default: 0. */
  added?: number;
  /** Default: 0. */
  changed?: number;
  /** Default: 0. */
  unchanged?: number;
  /** Default: 0. */
  errors?: number;
  /** Default: 0. */
  warnings?: number;
  /** Default: 0. */
  done?: number;
  /** Default: 0. */
  skipped?: number;
  /** Default: 0. */
  passwords?: number;
  /** Default: 0. */
  mailable?: number;
  /** Default: false. */
  undoable?: boolean;
  /** Default: "". */
  text?: string;
}

/** A page of the history, newest first. */
export interface MassPlans {
  plans: MassPlanView[];
  total: number;
}

/** The history of mass operations. `page` counts from 1, `size` is 1 to 200. */
export interface ListMassPlans {
  /** Default: 1. */
  page?: number;
  /** Default: 25. */
  size?: number;
}

/** One operation. */
export interface GetMassPlan {
  plan: number;
}

/**
 * One thing that changes. `what`: a field of the card, login, password, active, or service with its type as `name`.
 *
 * Passwords are never shown: `after` is "value", "number" or "random".
 */
export interface MassDifference {
  what: string;
  /** Default: "". */
  before?: string;
  /** Default: "". */
  after?: string;
  /** Default: "". */
  name?: string;
}

/** What is wrong with a row. `reason`: see `FAULTS`; `value` is the bad value. */
export interface MassFault {
  what: string;
  reason: string;
  /** Default: "". */
  value?: string;
  /** Default: "". */
  text?: string;
  /** Default: "". */
  name?: string;
  /** Default: false. */
  warning?: boolean;
}

/**
 * One row of a plan. `action`: add, change, none. `state`: planned, error, done, skipped, undone, kept.
 *
 * "skipped" (not done), "kept" (not undone) and rows left out say why in `outcome`: a reason of FAULTS, "used",
 * "exists", "password-changed" (undone but for the password), "cancelled", or a sentence.
 */
export interface MassRow {
  /** From 1; of an import the line of the file. */
  position: number;
  name: string;
  action: string;
  state: string;
  /** Default: 0. */
  cid?: ContactId;
  /** Default: []. */
  differences?: MassDifference[];
  /** Default: []. */
  faults?: MassFault[];
  /** Default: "". */
  outcome?: string;
}

/** A page of rows and how many there are under the filter. */
export interface MassRows {
  rows: MassRow[];
  total: number;
}

/** The rows of a plan. `only`: "", changes, errors, warnings, done, skipped, kept. `text` is looked for in names. */
export interface ListMassRows {
  plan: number;
  /** Default: "". */
  only?: string;
  /** Default: "". */
  text?: string;
  /** Default: 1. */
  page?: number;
  /** Default: 25. */
  size?: number;
}

/**
 * Carry out a plan that is ready. With rows that have errors it is refused (`plan-has-errors`) or `skip_errors`.
 *
 * With `mail` every person with an address gets login and password by mail afterwards.
 */
export interface ApplyMassPlan {
  plan: number;
  /** Default: false. */
  skipErrors?: boolean;
  /** Default: false. */
  mail?: boolean;
  /** Default: "ru". */
  language?: string;
}

/** Bring back what was before. Contacts that changed since are kept; those that were added and used, too. */
export interface UndoMassPlan {
  plan: number;
}

/** Send login and password to those who have an address and got none yet. `mail-off` without a mail server. */
export interface MailMassPasswords {
  plan: number;
  /** Default: "ru". */
  language?: string;
}

/** Throw a plan away that was not applied. */
export interface DropMassPlan {
  plan: number;
}

/** A column of an uploaded file, what its heading seems to mean and its first values. */
export interface ImportColumn {
  index: number;
  heading: string;
  /** Default: []. */
  samples?: string[];
  /** Default: "". */
  type?: string;
  /** Default: "". */
  name?: string;
}

/** An uploaded table. `delimiter` and `encoding` are those that were detected, empty for XLSX. */
export interface ImportFile {
  id: string;
  name: string;
  format: string;
  rows: number;
  columns: ImportColumn[];
  /** Whether the first row seems to hold headings; they are not counted as a row then. */
  header: boolean;
  /** Default: "". */
  encoding?: string;
  /** Default: "". */
  delimiter?: string;
}

/** What a column holds: a field of the card, login, password, active, or service (`name` is its type). */
export interface ImportMapping {
  column: number;
  type: string;
  /** Default: "". */
  name?: string;
}

/**
 * How rows meet contacts. `match`: number, email, login, name, cid; the first one that finds somebody decides.
 *
 * `unknown`: add, skip or error for rows that meet nobody; `known`: change or skip; `empty`: keep or clear for empty
 * cells.
 */
export interface ImportRules {
  columns: ImportMapping[];
  /** Default: ["number","email","login"]. */
  match?: string[];
  /** Default: "add". */
  unknown?: string;
  /** Default: "change". */
  known?: string;
  /** Default: "keep". */
  empty?: string;
  /** Default: true. */
  header?: boolean;
}

/** An uploaded table; kept for a day. */
export interface GetImportFile {
  file: string;
}

/** Make a plan of an uploaded table. `change` is done to every row as well (services, login, password). */
export interface PreviewImport {
  file: string;
  rules: ImportRules;
  /** Default: {}. */
  change?: MassChange;
}

/** Saved rules for tables of one kind. */
export interface ImportPreset {
  name: string;
  rules: ImportRules;
  /** The headings of the mapped columns, so that the preset fits a table with another order of columns. Default: []. */
  headings?: string[];
}

/** Saved presets by name. */
export type ListImportPresets = Record<string, never>;

/** Save a preset under its name, replacing one of that name. */
export interface SaveImportPreset {
  preset: ImportPreset;
}

/** Forget a preset. */
export interface DeleteImportPreset {
  name: string;
}

/** A person of an audience. */
export interface Addressee {
  cid: ContactId;
  name: string;
}

/** How many people an announcement would reach, and the first of them. */
export interface AudienceView {
  total: number;
  first: Addressee[];
}

/**
 * Who would get an announcement: active people with an account.
 *
 * `audience` is "all", "chosen" (those of `cids`) or "filter" (those that `filter`, as in find-contacts, finds).
 */
export interface CountAudience {
  audience: string;
  /** Default: []. */
  cids?: ContactId[];
  /** Default: {}. */
  filter?: Record<string, unknown>;
}

/** Somebody who did not get it, and why. */
export interface Undelivered {
  cid: ContactId;
  name: string;
  error: string;
}

/**
 * An announcement and how far it has come.
 *
 * `state` is waiting (for its time), sending, done or cancelled. Delivered and read are counted when it is looked at.
 */
export interface AnnouncementView {
  id: number;
  text: string;
  audience: string;
  state: string;
  who: string;
  created: Seconds;
  due: Seconds;
  started: Seconds;
  ended: Seconds;
  total: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  /** The job that sends it; 0 before its time. */
  job: number;
  /** The first hundred of those who did not get it; only in get-announcement. Default: []. */
  undelivered?: Undelivered[];
}

/**
 * Write to many people from the system contact, now or at `due` (Unix seconds, at most a year ahead).
 *
 * `bad-request` with `fields`: text (empty, too-long), audience (bad-value), cids (empty), filter (bad-value),
 * due (bad-value).
 */
export interface Announce {
  text: string;
  audience: string;
  /** Default: []. */
  cids?: ContactId[];
  /** Default: {}. */
  filter?: Record<string, unknown>;
  /** Default: 0. */
  due?: Seconds;
}

/** A page of announcements, newest first, and how many there are. */
export interface Announcements {
  announcements: AnnouncementView[];
  total: number;
}

/** Announcements, newest first. `page` counts from 1, `size` is 1 to 200. */
export interface ListAnnouncements {
  /** Default: 1. */
  page?: number;
  /** Default: 25. */
  size?: number;
}

/** One announcement with those who did not get it. */
export interface GetAnnouncement {
  id: number;
}

/** Stop one that waits or is being sent; who has got it keeps it. `not-found` when it has ended. */
export interface CancelAnnouncement {
  id: number;
}

/** Where people get help. Zero and empty: not there. */
export interface SupportView {
  contact: ContactId;
  email: string;
  /** The server takes a letter for `email` with write-to-support; else the person's own mail program has to. */
  letters: boolean;
}

/** Whom to ask. A contact that was deactivated is left out. */
export type GetSupport = Record<string, never>;

/** Ways to commands under /api/v1: path fields in braces, the others in the query or the JSON body. */
export interface Ways {
  /** One's own account. */
  "GET /account": { request: GetConsoleAccount; reply: ConsoleAccount };
  /** Sign in with the password alone from now on. `bad-login-psw` for a wrong password. */
  "POST /account/factor/off": { request: DropSecondFactor; reply: Empty };
  /** Begin with codes by mail: one is sent to `email`. Errors: `bad-login-psw`, `mail-off`, `fields.email`. */
  "POST /account/mail-code": { request: OfferMailCode; reply: Empty };
  /** Switch codes by mail on; `fields.code` when it is not the one that was sent. */
  "POST /account/mail-code/confirm": { request: ConfirmMailCode; reply: RecoveryCodes };
  /** New recovery codes; the former ones count no more. `bad-login-psw` for a wrong password. */
  "POST /account/recovery-codes": { request: RenewRecoveryCodes; reply: RecoveryCodes };
  /** One's own sessions, the last used first. */
  "GET /account/sessions": { request: ListOwnSessions; reply: ConsoleSession[] };
  /** End one of one's own sessions, or all but this (0). */
  "DELETE /account/sessions": { request: EndOwnSessions; reply: Empty };
  /** Begin with codes of an authenticator application. `bad-login-psw` for a wrong password. */
  "POST /account/totp": { request: OfferTotp; reply: TotpOffer };
  /** Switch codes of the application on; `fields.code` when the code is not the one of now. */
  "POST /account/totp/confirm": { request: ConfirmTotp; reply: RecoveryCodes };
  /** Announcements, newest first. `page` counts from 1, `size` is 1 to 200. */
  "GET /announcements": { request: ListAnnouncements; reply: Announcements };
  /** Write to many people from the system contact, now or at `due` (Unix seconds, at most a year ahead). */
  "POST /announcements": { request: Announce; reply: AnnouncementView };
  /** Who would get an announcement: active people with an account. */
  "POST /announcements/audience": { request: CountAudience; reply: AudienceView };
  /** One announcement with those who did not get it. */
  "GET /announcements/{id}": { request: GetAnnouncement; reply: AnnouncementView };
  /** Stop one that waits or is being sent; who has got it keeps it. `not-found` when it has ended. */
  "POST /announcements/{id}/cancel": { request: CancelAnnouncement; reply: Empty };
  /** Entries of `who`, of `action` (its beginning), with `text` in the subject, from `since` to before `until`. */
  "GET /audit": { request: ListAudit; reply: AuditPage };
  /** Who and which actions there are in the journal. */
  "GET /audit/names": { request: ListAuditNames; reply: AuditNames };
  /** All archives in the folder of backups. */
  "GET /backups": { request: ListBackups; reply: BackupsView };
  /** Make an archive of now; the job's result is {"name"}. Errors: `busy`; of the job also `no-space`. */
  "POST /backups": { request: MakeBackup; reply: BackupJob };
  /** Do not restore at the next start after all; `not-found` when nothing was prepared. */
  "DELETE /backups/plan": { request: CancelRestore; reply: Empty };
  /** Delete an archive; `confirm` is its name once more. */
  "DELETE /backups/{name}": { request: RemoveBackup; reply: Empty };
  /** Check every byte, restore into a database beside and compare the rows of every table; then drop it again. */
  "POST /backups/{name}/prove": { request: ProveBackup; reply: BackupJob };
  /** Prepare everything to go back to an archive, after making one of now; the next start switches. */
  "POST /backups/{name}/restore": { request: RestoreBackup; reply: BackupJob };
  /** All bots by title; with `text` those that hold it in name, title or the developer's login. */
  "GET /bots": { request: ListAllBots; reply: BotRow[] };
  /** Delete a bot: its sockets close, its conversations stay readable. */
  "DELETE /bots/{cid}": { request: DeleteBot; reply: Empty };
  /** Hand a bot over to another developer; 0 is the administrator. */
  "PUT /bots/{cid}/developer": { request: GiveBot; reply: Empty };
  /** A disabled bot is thrown out and cannot come back, and people see that it is gone; its token stays. */
  "PUT /bots/{cid}/disabled": { request: DisableBot; reply: Empty };
  /** A new token; the old one dies at once and sockets that used it close. */
  "POST /bots/{cid}/token": { request: RenewBotToken; reply: BotView };
  /** The certificate that clients are shown. */
  "GET /certificate": { request: GetCertificate; reply: CertificateView };
  /** Install a pair; new connections are shown it at once. Refused like check-certificate, and for refusal remarks. */
  "PUT /certificate": { request: InstallCertificate; reply: CertificateView };
  /** Go back to the self-made certificate. */
  "DELETE /certificate": { request: RemoveCertificate; reply: CertificateView };
  /** How the automatic certificate stands; it is set up in the settings section `acme`. */
  "GET /certificate/acme": { request: GetAcme; reply: AcmeView };
  /** Try to get a certificate now; answers at once, the state tells how it goes on. */
  "POST /certificate/acme": { request: RunAcme; reply: AcmeView };
  /** Look at a pair without installing it. Texts are PEM; DER and PKCS#12 come as base64. */
  "POST /certificate/check": { request: CheckCertificate; reply: CertificateCheck };
  /** Public channels whose name or description holds the words of `text`; a closed channel is never listed. */
  "GET /channels": { request: ListPublicChannels; reply: ChannelPage };
  /** Give or take the verified mark (R-ADM-004). `not-found` for a closed channel: the console knows none. */
  "PUT /channels/{chId}/verified": { request: VerifyChannel; reply: Empty };
  /** Address and ports of the server. */
  "GET /connection": { request: GetConnection; reply: ConnectionView };
  /** Set address and ports; they count at once, connections that there are go on. */
  "PUT /connection": { request: SetConnection; reply: ConnectionView };
  /** Look up the external address and talk to every port there as a client does, from a process of its own. */
  "POST /connection/check": { request: CheckConnection; reply: ConnectionCheck };
  /** Add a person. Only a surname is needed; the working day is 9:00 to 18:00 unless given. */
  "POST /contacts": { request: CreateContact; reply: ContactNumber };
  /** Find people. `sort` is one of SORTS, `page` counts from 1, `size` is 1 to 1000; 0 («Все») is 1000 as well. */
  "POST /contacts/find": { request: FindContacts; reply: ContactPage };
  /** Values of a card field (one of VALUE_TYPES) of active people that hold `text`, the most frequent first. */
  "GET /contacts/values": { request: ListContactValues; reply: ValueCount[] };
  /** One person; `not-found` for a deleted one. */
  "GET /contacts/{cid}": { request: GetContactCard; reply: ContactCard };
  /** Replace the fields of a card; refused like create-contact, and with `conflict` when `rev` is not the last one. */
  "PUT /contacts/{cid}": { request: ChangeCard; reply: ContactCard };
  /** Take a contact out of the directory for good. */
  "DELETE /contacts/{cid}": { request: DeleteContact; reply: Empty };
  /** Make an account, or change its login, its password or both; an empty one stays as it is. */
  "PUT /contacts/{cid}/account": { request: SetContactAccount; reply: Empty };
  /** Take the account away; the card stays. Everything signed in with it ends. */
  "DELETE /contacts/{cid}/account": { request: RemoveContactAccount; reply: Empty };
  /** Let nobody sign in with this account until it is unblocked; what is signed in ends. The card stays as it is. */
  "PUT /contacts/{cid}/account/blocked": { request: BlockAccount; reply: Empty };
  /** Send the person a letter with login and password; the login must be an e-mail address (`bad-request` otherwise). */
  "POST /contacts/{cid}/account/letter": { request: SendCredentials; reply: LetterSent };
  /** Deactivate a contact: everything it has open ends within two seconds; or take it back. */
  "PUT /contacts/{cid}/active": { request: ActivateContact; reply: Empty };
  /** The picture of a contact, in base64; `not-found` when it has none. */
  "GET /contacts/{cid}/avatar": { request: GetContactAvatar; reply: ContactPicture };
  /** Make a picture (JPEG, PNG, GIF or WebP, up to 8 MB, in base64) the avatar; an empty one takes it away. */
  "PUT /contacts/{cid}/avatar": { request: SetContactAvatar; reply: ContactCard };
  /** The signed-in devices of a contact, connected ones first. */
  "GET /contacts/{cid}/connections": { request: ListConnections; reply: DeviceConnection[] };
  /** Sign every device of a contact out. */
  "DELETE /contacts/{cid}/connections": { request: EndConnections; reply: Empty };
  /** Sign a device out; `not-found` when the contact has none like this. */
  "DELETE /contacts/{cid}/connections/{device}": { request: EndConnection; reply: Empty };
  /** The role model as it is for one contact. */
  "GET /contacts/{cid}/role": { request: GetContactRole; reply: ContactRole };
  /** Give a contact another role. */
  "PUT /contacts/{cid}/role": { request: SetContactRole; reply: ContactRole };
  /** Replace all personal exceptions of a contact; refused like the rules of a role. */
  "PUT /contacts/{cid}/role/exceptions": { request: SetContactExceptions; reply: ContactRole };
  /** What the contact may use. */
  "GET /contacts/{cid}/services": { request: GetContactServices; reply: ContactService[] };
  /** Grant a service. `already-exists` when the contact has it; else refused like set-contact-services. */
  "POST /contacts/{cid}/services": { request: AddContactService; reply: Empty };
  /** Replace all services of a contact. Sessions of applications it may not use any more end at once. */
  "PUT /contacts/{cid}/services": { request: SetContactServices; reply: Empty };
  /** Change the parameters of a service that the contact has; refused like set-contact-services. */
  "PUT /contacts/{cid}/services/{type}": { request: ChangeContactService; reply: Empty };
  /** Take a service away; `not-found` when the contact does not have it. */
  "DELETE /contacts/{cid}/services/{type}": { request: RemoveContactService; reply: Empty };
  /** All accounts by login; with `text` those that hold it in login or name. */
  "GET /developers": { request: ListDevelopers; reply: DeveloperView[] };
  /** Make an account. */
  "POST /developers": { request: CreateDeveloper; reply: DeveloperNumber };
  /** Change login and name; refused like create-developer. */
  "PUT /developers/{id}": { request: ChangeDeveloper; reply: Empty };
  /** Delete an account. His bots become the administrator's, or are deleted too with `bots` "delete". */
  "DELETE /developers/{id}": { request: DeleteDeveloper; reply: Empty };
  /** A blocked developer is signed out and cannot sign in; his bots go on. */
  "PUT /developers/{id}/blocked": { request: BlockDeveloper; reply: Empty };
  /** Set another password; every browser of the developer is signed out. */
  "PUT /developers/{id}/password": { request: ResetDeveloperPassword; reply: Empty };
  /** Saved presets by name. */
  "GET /directory/import-presets": { request: ListImportPresets; reply: ImportPreset[] };
  /** Save a preset under its name, replacing one of that name. */
  "PUT /directory/import-presets": { request: SaveImportPreset; reply: Empty };
  /** Forget a preset. */
  "DELETE /directory/import-presets/{name}": { request: DeleteImportPreset; reply: Empty };
  /** An uploaded table; kept for a day. */
  "GET /directory/import/{file}": { request: GetImportFile; reply: ImportFile };
  /** Make a plan of an uploaded table. `change` is done to every row as well (services, login, password). */
  "POST /directory/import/{file}/preview": { request: PreviewImport; reply: MassStarted };
  /** The history of mass operations. `page` counts from 1, `size` is 1 to 200. */
  "GET /directory/mass": { request: ListMassPlans; reply: MassPlans };
  /** Make a plan: of new contacts (`add`, so many, or `numbers`) or of a change to those of `selection`. */
  "POST /directory/mass/preview": { request: PreviewMassChange; reply: MassStarted };
  /** What a template gives for the first contacts of a selection, without one for an example person. */
  "POST /directory/mass/template": { request: TryTemplate; reply: TemplateSample };
  /** One operation. */
  "GET /directory/mass/{plan}": { request: GetMassPlan; reply: MassPlanView };
  /** Throw a plan away that was not applied. */
  "DELETE /directory/mass/{plan}": { request: DropMassPlan; reply: Empty };
  /** Carry out a plan that is ready. With rows that have errors it is refused (`plan-has-errors`) or `skip_errors`. */
  "POST /directory/mass/{plan}/apply": { request: ApplyMassPlan; reply: MassStarted };
  /** Send login and password to those who have an address and got none yet. `mail-off` without a mail server. */
  "POST /directory/mass/{plan}/mail": { request: MailMassPasswords; reply: MassStarted };
  /** The rows of a plan. `only`: "", changes, errors, warnings, done, skipped, kept. `text` is looked for in names. */
  "GET /directory/mass/{plan}/rows": { request: ListMassRows; reply: MassRows };
  /** Bring back what was before. Contacts that changed since are kept; those that were added and used, too. */
  "POST /directory/mass/{plan}/undo": { request: UndoMassPlan; reply: MassStarted };
  /** All places by name. */
  "GET /geozones": { request: ListGeozones; reply: GeozoneView[] };
  /** Add a place. Numbers come as they were typed, a comma counts as a point. */
  "POST /geozones": { request: AddGeozone; reply: GeozoneAdded };
  /** Change a place; refused like add-geozone. */
  "PUT /geozones/{id}": { request: ChangeGeozone; reply: Empty };
  /** Remove a place with its beacons. */
  "DELETE /geozones/{id}": { request: RemoveGeozone; reply: Empty };
  /** Add a beacon to a place. */
  "POST /geozones/{zone}/beacons": { request: AddBeacon; reply: GeozoneAdded };
  /** Remove a beacon. */
  "DELETE /geozones/{zone}/beacons/{id}": { request: RemoveBeacon; reply: Empty };
  /** The newest jobs (of a kind), without their results. `count` is 1 to 200. */
  "GET /jobs": { request: ListJobs; reply: JobState[] };
  /** One job, with its result when it has ended. */
  "GET /jobs/{id}": { request: GetJob; reply: JobState };
  /** Ask a running job to stop after its current step; what is done stays done. */
  "DELETE /jobs/{id}": { request: CancelJob; reply: Empty };
  /** All keys, the newest first. */
  "GET /keys": { request: ListApiKeys; reply: ApiKey[] };
  /** Make a key. `scopes` are tags of ways; `expires` is a Unix time, 0 for never. */
  "POST /keys": { request: AddApiKey; reply: NewApiKey };
  /** What a key can be limited to. */
  "GET /keys/scopes": { request: ListScopes; reply: Scope[] };
  /** The key opens nothing from now on. */
  "DELETE /keys/{id}": { request: DeleteApiKey; reply: Empty };
  /** The licence, what is used of it, and what is wrong with it. */
  "GET /licence": { request: GetLicence; reply: LicenceView };
  /** Go back to the community licence; `not-found` when none is installed. */
  "DELETE /licence": { request: RemoveLicence; reply: LicenceView };
  /** The request for a licence that needs no internet. */
  "GET /licence/activation": { request: GetActivationKey; reply: ActivationKey };
  /** Install a licence file; `licence-refused` with the reason, then nothing changes. */
  "POST /licence/file": { request: LoadLicence; reply: LicenceView };
  /** Ask the licence server for the licence now. */
  "POST /licence/update": { request: UpdateLicence; reply: LicenceView };
  /** Lines of the log of all processes. */
  "GET /logs": { request: ListLog; reply: LogPage };
  /** The parts that log, their levels, and how much is kept. */
  "GET /logs/levels": { request: GetLogLevels; reply: LogState };
  /** Set the level of a part (of the whole without `name`) at once in all processes; an empty one goes back. */
  "PUT /logs/levels": { request: SetLogLevel; reply: Empty };
  /** Whether mail works. Also for other modules: is there a way to send a code? */
  "GET /mail": { request: GetMailState; reply: MailState };
  /** Letters of the last week: those in one state, or all. `page` counts from 1, `size` is 1 to 200. */
  "GET /mail/letters": { request: ListLetters; reply: Letters };
  /** Do not send a letter that waits. `not-found` when it does not wait (any more). */
  "DELETE /mail/letters/{id}": { request: CancelLetter; reply: Empty };
  /** Try a letter that waits now. `not-found` when it does not wait (any more): its text is forgotten. */
  "POST /mail/letters/{id}/retry": { request: RetryLetter; reply: Empty };
  /** Really talk to the mail server with the settings as they are; with `to` also send a test letter there. */
  "POST /mail/test": { request: TestMail; reply: MailTest };
  /** All components of all processes. */
  "GET /monitor/components": { request: ListComponents; reply: ComponentView[] };
  /** Stop and start a component and those that need it; in one process, when that is named. */
  "POST /monitor/components/{name}/restart": { request: RestartComponent; reply: Empty };
  /** Start a stopped component, what it needs, and what its stop took along; as `restart-component`. */
  "POST /monitor/components/{name}/start": { request: StartComponent; reply: Empty };
  /** Stop a component and those that need it; as `restart-component`. `bad-request` for the console's own. */
  "POST /monitor/components/{name}/stop": { request: StopComponent; reply: Empty };
  /** What is measured now. */
  "GET /monitor/now": { request: GetMonitor; reply: Now };
  /** What is wrong now, the worst first. */
  "GET /monitor/problems": { request: ListProblems; reply: Problem[] };
  /** End every process in order and begin it anew; the console is away for some seconds. */
  "POST /monitor/restart": { request: RestartProgram; reply: Empty };
  /** Figures over a span; all when none is named. A figure that was not measured in the span has no line. */
  "GET /monitor/series": { request: GetSeries; reply: Series };
  /** What was found last. */
  "GET /network": { request: GetNetwork; reply: NetworkView };
  /** Look at everything now; takes at most about ten seconds. */
  "POST /network/check": { request: CheckNetwork; reply: NetworkView };
  /** Those who wait, the first one first; at most a thousand. */
  "GET /registrations": { request: ListRegistrations; reply: RegistrationView[] };
  /** Make the card and the account, and write to the person. Refused when the licence has no room. */
  "POST /registrations/{id}/approve": { request: ApproveRegistration; reply: Empty };
  /** Say no; the person is not told, and the address cannot ask again for a month. */
  "POST /registrations/{id}/refuse": { request: RefuseRegistration; reply: Empty };
  /** Roles × actions. */
  "GET /role-matrix": { request: GetRoleMatrix; reply: MatrixRow[] };
  /** Roles × roles for one action, as between members without personal exceptions whom no rule names. */
  "GET /role-matrix/{action}": { request: GetRolePairs; reply: PairRow[] };
  /** All roles, the base role first, then by name. */
  "GET /roles": { request: ListRoles; reply: RoleView[] };
  /** A new role without rules. `fields.name`: empty, too-long (100 characters), taken. */
  "POST /roles": { request: AddRole; reply: RoleCard };
  /** May `actor` do this to `target`? Without a target (0): to everybody, as in a group or for an application. */
  "POST /roles/check": { request: CheckRoles; reply: RoleDecision };
  /** The roles of contacts, in their order; for lists that show them. */
  "POST /roles/of-contacts": { request: ContactRoles; reply: number[] };
  /** A role with its rules; `not-found`. */
  "GET /roles/{role}": { request: GetRole; reply: RoleCard };
  /** Rename or describe a role; the base role may be described only. */
  "PUT /roles/{role}": { request: ChangeRole; reply: RoleCard };
  /** Delete a role: its members get the base role, rules of others name it no more. The base role stays. */
  "DELETE /roles/{role}": { request: DeleteRole; reply: Empty };
  /** Give the role to contacts instead of the one they have; the base role takes theirs away. */
  "POST /roles/{role}/members": { request: GiveRole; reply: RoleCard };
  /** Replace all rules of a role; the base role takes none. */
  "PUT /roles/{role}/rules": { request: SetRoleRules; reply: RoleCard };
  /** The servers, the main one first. */
  "GET /servers": { request: ListServers; reply: ServerView[] };
  /** Add a server; fields: name (empty, too-long, taken), address (empty, bad-host, taken). */
  "POST /servers": { request: AddServer; reply: ServerAdded };
  /** Rename a server or give it another address; the address of the main one stays. */
  "PUT /servers/{id}": { request: ChangeServer; reply: Empty };
  /** Take a server off the list. */
  "DELETE /servers/{id}": { request: RemoveServer; reply: Empty };
  /** Look whether a server answers. */
  "POST /servers/{id}/check": { request: CheckServer; reply: ConnectionCheck };
  /** All services with what each asks, in the order of the console. */
  "GET /services": { request: ListServices; reply: ServiceOffer[] };
  /** Who is signed in. */
  "GET /session": { request: GetConsoleSession; reply: SessionView };
  /** Sign in; the answer sets the cookie of the session. */
  "POST /session": { request: SignInToConsole; reply: SessionView };
  /** End this session. */
  "DELETE /session": { request: SignOutOfConsole; reply: Empty };
  /** Change one's own password; the other sessions of the user end. */
  "PUT /session/password": { request: ChangeConsolePassword; reply: SessionView };
  /** All sections, by name. */
  "GET /settings": { request: ListSettings; reply: SettingsSection[] };
  /** Who changed what, the newest first; of all sections when `section` is empty. */
  "GET /settings-changes": { request: ListSettingChanges; reply: SettingChange[] };
  /** Give a setting the value that it had before a change. */
  "POST /settings-changes/{id}/rollback": { request: RollbackSetting; reply: SettingsApplied };
  /** What became of the settings between two moments, Unix seconds; `until` 0 is now. */
  "GET /settings-difference": { request: CompareSettings; reply: SettingDifference[] };
  /** All settings as one document, for `POST /settings-import` here or on another server. */
  "GET /settings-export": { request: ExportSettings; reply: SettingsExport };
  /** Take values of an export; without `apply` only tell what would change and what cannot be taken. */
  "POST /settings-import": { request: ImportSettings; reply: SettingsImported };
  /** One section. */
  "GET /settings/{section}": { request: GetSettings; reply: SettingsSection };
  /** Change values of a section, all of them or none; keys that are left out stay as they are. */
  "PUT /settings/{section}": { request: PutSettings; reply: SettingsApplied };
  /** Who changed what of a section, the newest first. */
  "GET /settings/{section}/history": { request: ListSectionChanges; reply: SettingChange[] };
  /** Whom to ask. A contact that was deactivated is left out. */
  "GET /support": { request: GetSupport; reply: SupportView };
  /** All users of the console, by login. */
  "GET /users": { request: ListConsoleUsers; reply: ConsoleUser[] };
  /** Add a user; `bad-request` with `fields` for values that break a rule. */
  "POST /users": { request: AddConsoleUser; reply: ConsoleUserId };
  /** Change a user; an empty password stays as it was. */
  "PUT /users/{id}": { request: ChangeConsoleUser; reply: Empty };
  /** Delete a user and end its sessions; `access-denied` for the last active security administrator. */
  "DELETE /users/{id}": { request: DeleteConsoleUser; reply: Empty };
  /** Let a user sign in with the password alone, for instance after the loss of a telephone. */
  "DELETE /users/{id}/factor": { request: ResetSecondFactor; reply: Empty };
  /** Open sessions of a user, the last used first. */
  "GET /users/{id}/sessions": { request: ListConsoleSessions; reply: ConsoleSession[] };
  /** End a session of a user, or all (0). */
  "DELETE /users/{id}/sessions": { request: EndConsoleSessions; reply: Empty };
  /** How far the installation is. */
  "GET /wizard": { request: GetWizard; reply: Wizard };
  /** Put the wizard away for the own role, or bring it back. */
  "PUT /wizard": { request: PutWizard; reply: Empty };
  /** Say that a step of one's role is done, skipped, or waits again. */
  "PUT /wizard/steps/{step}": { request: PutWizardStep; reply: Wizard };
}

/** Ways that are no commands: what they take or give is streamed. */
export type Streams =
  | "GET /audit/export"
  | "POST /backups/archive"
  | "GET /backups/{name}/archive"
  | "GET /certificate/export"
  | "POST /directory/export"
  | "POST /directory/import"
  | "POST /directory/mass/{plan}/passwords"
  | "GET /logs/download";
