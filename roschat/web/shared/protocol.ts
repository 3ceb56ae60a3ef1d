// The client protocol of roschat. Written by scripts/generate from the declarations in api.py files; do not edit.
//
// Fields marked `?` are left out when they have their default, which the comment names; they are never null.

/** A card in the directory: a person, a bot or the system contact. RosChat's `cid` with `cidType` "user". */
export type ContactId = number;

/** A conversation. For groups it is RosChat's `cid` with `cidType` "group". */
export type ChatId = number;

/** Grows with time over the whole server. */
export type MessageId = number;

/** An information channel, RosChat's `chId`. */
export type ChannelId = number;

/** A publication inside its channel, counted from 1. RosChat's `pubId`. */
export type PublicationId = number;

/** Position in the server's one journal of changes; a later change of anything has a larger one. */
export type Revision = number;

/** One signed-in device (installation of a client) of a person. */
export type DeviceId = string;

/** The unguessable stored name of a file, as `POST /messages/data` answers it. */
export type FileName = string;

/** Unix time in whole seconds, the unit of every time on the wire. */
export type Seconds = number;

/** RosChat's `cidType`: what the number in `cid` counts. */
export type PeerKind = "user" | "group";

/** One emoji under a message and who put it there. */
export interface Reaction {
  reaction: string;
  cids: ContactId[];
}

/** Where a forwarded message came from. */
export interface Forwarded {
  /** Its author. */
  cid: ContactId;
  id: MessageId;
  time: Seconds;
}

/**
 * A styled stretch of a text; offset and length count UTF-16 units.
 *
 * `type` is bold, italic, underline, strike, code, pre, link (with `url`) or mention (with `cid`).
 */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  /** Default: "". */
  url?: string;
  /** Default: 0. */
  cid?: ContactId;
}

/** A button of a bot's keyboard: `callbackData` goes to the bot, `link` opens an address. */
export interface Button {
  text: string;
  /** Default: "". */
  callbackData?: string;
  /** Default: "". */
  link?: string;
}

/** Text with styles, perhaps with a bot's buttons under it. */
export interface TextBody {
  type: "text";
  text: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** A card from the directory. */
export interface ContactBody {
  type: "contact";
  cid: ContactId;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** A picture; `previewFile` is a smaller copy. Sizes are of the original, in pixels and bytes. */
export interface ImageBody {
  type: "image";
  file: FileName;
  /** Default: "". */
  previewFile?: FileName;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  extension?: string;
  /** Default: 0. */
  size?: number;
  /** Default: 0. */
  width?: number;
  /** Default: 0. */
  height?: number;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** A film; `duration` in seconds. */
export interface VideoBody {
  type: "video";
  file: FileName;
  /** Default: "". */
  previewFile?: FileName;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  extension?: string;
  /** Default: 0. */
  size?: number;
  /** Default: 0. */
  width?: number;
  /** Default: 0. */
  height?: number;
  /** Default: 0. */
  duration?: number;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** Sound; with `voice` it was recorded in place. `waveform` are loudness samples 0..100. */
export interface AudioBody {
  type: "audio";
  file: FileName;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  extension?: string;
  /** Default: 0. */
  size?: number;
  /** Default: 0. */
  duration?: number;
  /** Default: false. */
  voice?: boolean;
  /** Default: []. */
  waveform?: number[];
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** Any other file. */
export interface FileBody {
  type: "file";
  file: FileName;
  name: string;
  /** Default: "". */
  extension?: string;
  /** Default: 0. */
  size?: number;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** A place on the map, WGS 84 degrees. */
export interface LocationBody {
  type: "location";
  latitude: number;
  longitude: number;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  entities?: Entity[];
  /** Default: []. */
  keyboard?: Button[][];
}

/** A poll of module survey; its state is asked with get-poll. */
export interface PollBody {
  type: "poll";
  pollId: number;
  question: string;
}

/** A shared channel. */
export interface ChannelBody {
  type: "channel";
  chId: ChannelId;
  /** Default: "". */
  name?: string;
}

/** A shared publication: exactly {"type":"publication","chId":N,"pubId":N}. */
export interface PublicationBody {
  type: "publication";
  chId: ChannelId;
  pubId: PublicationId;
}

/** `unstored`: the sender is typing. */
export interface WritingBody {
  type: "message-writing";
}

/**
 * `system`: something happened to the conversation.
 *
 * `what` is group-created, members-added, member-removed, member-left, group-renamed, avatar-changed, role-changed,
 * message-pinned. `text` says it in Russian for clients that do not know `what`.
 */
export interface SystemBody {
  type: "system";
  what: string;
  text: string;
  /** Who did it. Default: 0. */
  cid?: ContactId;
  /** Default: []. */
  members?: ContactId[];
  /** Default: "". */
  name?: string;
}

/**
 * A message as clients see it, in events and in history.
 *
 * `cid` names the conversation from the reader's side: the other person (for the author's devices too), or the group.
 */
export interface MessageView {
  cid: number;
  id: MessageId;
  dataType: string;
  data: string;
  time: Seconds;
  rev: number;
  /** Default: "user". */
  cidType?: string;
  /** Default: 0. */
  senderId?: ContactId;
  /** Default: 0. */
  replyId?: MessageId;
  /** The author's own key of the message; only the author's sessions get it. Default: "". */
  key?: string;
  /** Default: 0. */
  editedTime?: Seconds;
  /** Default: 0. */
  deletedTime?: Seconds;
  /** Default: []. */
  reactions?: Reaction[];
  forwarded?: Forwarded;
  /** Default: false. */
  mentioned?: boolean;
}

/** The answer `{}`: done, nothing to tell. */
export type Empty = Record<string, never>;

/** Sign a bot in; errors `not-found` (no such name), `bad-token`, `unknown`. A bot may hold several sockets. */
export interface StartBot {
  /** Default: "". */
  token?: string;
  /** Default: "". */
  name?: string;
}

/** A message to the bot; `senderId` is absent for system messages. */
export interface BotMessageEvent {
  cid: number;
  id: MessageId;
  dataType: string;
  data: string;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  senderId?: ContactId;
  /** Default: 0. */
  replyId?: MessageId;
  /** Default: 0. */
  time?: Seconds;
}

/** A message in a conversation of the bot was edited (`data`) or deleted (`deletedTime`). */
export interface BotMessageChangeEvent {
  cid: number;
  id: MessageId;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: "". */
  dataType?: string;
  /** Default: "". */
  data?: string;
  /** Default: 0. */
  deletedTime?: Seconds;
}

/** A person pressed a button. `senderId` only in groups; `replyId` is the message with the inline keyboard. */
export interface BotButtonEvent {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  senderId?: ContactId;
  /** Default: 0. */
  replyId?: MessageId;
  /** Default: "". */
  callbackData?: string;
}

/** The person deleted the conversation with the bot. */
export interface DeleteBotConversationEvent {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/** Press a button of a chat keyboard, or of message `messageId` (inline). Only a button that is really there. */
export interface PressBotButton {
  cid: number;
  callbackData: string;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  messageId?: MessageId;
}

/** The chat keyboard a person sees under a conversation; empty = none. `cid` may be a bot or a group. */
export interface KeyboardView {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: []. */
  keyboard?: Button[][];
  /** Default: "none". */
  action?: string;
}

/** The chat keyboard of a conversation now. */
export interface GetBotKeyboard {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/**
 * A bot's answer to a press: a short notice to the person who pressed, shown for a moment and kept nowhere.
 *
 * With `alert` it is a window that has to be closed; with `url` an address is to be opened.
 */
export interface BotNoticeEvent {
  /** The bot. */
  cid: ContactId;
  /** Default: "". */
  text?: string;
  /** Default: false. */
  alert?: boolean;
  /** Default: "". */
  url?: string;
}

/** The chat keyboard of a conversation is now like this. */
export interface BotKeyboardEvent {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: []. */
  keyboard?: Button[][];
  /** Default: "none". */
  action?: string;
}

/** What a rule is about (R-ROLE-006…015), in the order of the console. */
export type RoleAction = "outgoing-call" | "incoming-call" | "outgoing-message" | "incoming-message" | "outgoing-media" | "status-received" | "status-read" | "create-group" | "see-contact" | "search-contact" | "use-mobile" | "use-computer" | "use-web" | "use-radio";

/** One action of the caller. `reason`: "own" (a rule of the caller's), "other" (of the other side). */
export interface Permission {
  action: RoleAction;
  allowed: boolean;
  /** Default: "". */
  reason?: string;
  /** Without `cid`: rules name somebody for whom it may be otherwise; ask with `cid`. Default: false. */
  named?: boolean;
}

/** What the caller may do. */
export interface Permissions {
  permissions: Permission[];
}

/** What the caller may do: in general, or towards one contact or group, so that a client hides what is refused. */
export interface GetPermissions {
  /** Default: 0. */
  cid?: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/** What the reader may do may have changed: ask again. With `contacts` also whom he sees: take all cards anew. */
export interface PermissionsChangeEvent {
  /** Default: false. */
  contacts?: boolean;
}

/** What a device keeps: a short-lived access token and a refresh token that is good once. */
export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** Life of the access token in seconds. */
  expires_in: number;
}

/**
 * `status` is "ok", or "error" with `error` and `text` and nothing else.
 *
 * `tokens` and `device` come at APILevel 1 and above; a sign-in at level 0 lasts as long as its socket.
 */
export interface LoginReply {
  status: string;
  /** Default: 0. */
  uid?: ContactId;
  /** What the server speaks with this socket, 0..9; absent on an error. Default: -1. */
  APILevel?: number;
  tokens?: Tokens;
  /** Default: "". */
  device?: DeviceId;
  /** Default: "". */
  error?: string;
  /** Default: "". */
  text?: string;
}

/**
 * Sign in by login and password, or by an access token in `token`.
 *
 * One answer, `bad-login-psw`, for an unknown login, a wrong password and a deactivated contact; after too many tries
 * `too-many-requests`; for a token that is not good (any more) `bad-token`. All of these are answers with `status`
 * "error", not refusals, and leave the socket as it was. When the device is new and a second factor is on, the right
 * password is answered by `need-code`: a code was mailed, repeat the sign-in with it in `code`; `bad-code` when it is
 * not the right one. `device` is the id of an earlier sign-in of the same installation, `device_name` is
 * shown in the list of sessions. With `silent_mode` the person is not shown as online before `set-contact-status`.
 */
export interface Login {
  /** Default: "". */
  login?: string;
  /** Default: "". */
  password?: string;
  /** Default: "". */
  token?: string;
  /** Default: "". */
  client?: string;
  /** Default: "". */
  device?: DeviceId;
  /** Default: "". */
  deviceName?: string;
  /** Default: 0. */
  APILevel?: number;
  /** Default: false. */
  silentMode?: boolean;
  /** Default: "". */
  code?: string;
}

/**
 * A new pair of tokens for a refresh token, which is good once.
 *
 * A client that did not get the answer may repeat within a minute; a token used later than that ends the device, for
 * somebody has a copy of it.
 *
 * `bad-token` when it is not good: sign in by password again.
 */
export interface RefreshToken {
  refresh_token: string;
}

/** Forget this device: its tokens die and its sockets close. */
export type Logout = Record<string, never>;

/** One signed-in device in the list of sessions. */
export interface DeviceView {
  id: DeviceId;
  client: string;
  name: string;
  address: string;
  createdTime: Seconds;
  seenTime: Seconds;
  /** The last sign-in, or refreshing of tokens. Default: 0. */
  authorisedTime?: Seconds;
  /** Default: false. */
  online?: boolean;
  /** Default: false. */
  current?: boolean;
}

/** The signed-in devices of the caller, the last seen first. */
export type GetSessions = Record<string, never>;

/** Sign a device of the caller out; without `id`, all but the current one. */
export interface EndSession {
  /** Default: "". */
  id?: DeviceId;
}

/** Set a new password; every other device is signed out. */
export interface ChangePassword {
  oldPassword: string;
  /** 8 to 256 characters, not the login, not a well-known one. */
  newPassword: string;
}

/** Telephony of the caller; `type` is "none" until a SIP server is configured. */
export interface PhoneParams {
  type: string;
}

/** Addresses of side services as `host:port`; absent when there is none. */
export interface ExtParams {
  /** Default: "". */
  httpServer?: string;
  /** Default: "". */
  stunServer?: string;
  /** Default: "". */
  radioServer?: string;
}

/** What a client needs to know right after sign-in. */
export interface UserInfo {
  cid: ContactId;
  login: string;
  phoneParams: PhoneParams;
  extParams: ExtParams;
  /** Bytes. */
  maxFileSize: number;
}

/** Facts about the caller's account and services. */
export type GetUserInfo = Record<string, never>;

/** A file attached to a publication; sizes in bytes and pixels. */
export interface PublicationFile {
  file: FileName;
  name: string;
  /** image, video, audio, file Default: "file". */
  type?: string;
  /** Default: "". */
  previewFile?: FileName;
  /** Default: 0. */
  size?: number;
  /** Default: 0. */
  width?: number;
  /** Default: 0. */
  height?: number;
}

/** A publication as readers see it. */
export interface PublicationView {
  chId: ChannelId;
  pubId: PublicationId;
  /** Who published it. */
  cid: ContactId;
  title: string;
  time: Seconds;
  rev: Revision;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  files?: PublicationFile[];
  /** Default: 0. */
  comments?: number;
  /** Default: 0. */
  editedTime?: Seconds;
  /** Default: 0. */
  deletedTime?: Seconds;
}

/** A channel as the caller sees it. */
export interface ChannelView {
  chId: ChannelId;
  name: string;
  rev: Revision;
  /** Default: "". */
  description?: string;
  /** Default: false. */
  closed?: boolean;
  /** Default: false. */
  verified?: boolean;
  /** Default: "". */
  avatar?: FileName;
  /** admin, subscriber, invited (added, has not subscribed yet), or empty Default: "". */
  role?: string;
  /** Whether the caller subscribed or created the channel himself; an admin who was added has not yet. Default: false. */
  subscribed?: boolean;
  /** Default: 0. */
  admins?: number;
  /** Default: 0. */
  subscribers?: number;
  /** Default: 0. */
  unread?: number;
  /** Default: 0. */
  watchedId?: PublicationId;
  last?: PublicationView;
  /** Whether readers may comment. Default: true. */
  comments?: boolean;
  /** Default: 0. */
  mutedUntil?: Seconds;
  /** Default: false. */
  pinned?: boolean;
}

/** The number of a new channel. */
export interface ChannelCreated {
  chId: ChannelId;
}

/** Create a channel; the caller is its first admin. The name is needed (up to 100 characters). */
export interface CreateChannel {
  name: string;
  /** Default: "". */
  description?: string;
  /** Default: false. */
  closed?: boolean;
  /** Default: "". */
  avatar?: FileName;
  /** Default: true. */
  comments?: boolean;
}

/** Change what is given; for admins. */
export interface ChangeChannel {
  chId: ChannelId;
  name?: string;
  description?: string;
  closed?: boolean;
  avatar?: FileName;
  comments?: boolean;
}

/** Delete for everybody; for admins. */
export interface DeleteChannel {
  chId: ChannelId;
}

/** Channels that the caller administers, subscribed to, or was added to. */
export type GetChannels = Record<string, never>;

/** One channel; `not-found` for a closed one that the caller was not added to. */
export interface GetChannel {
  chId: ChannelId;
}

/** Public channels whose name or description holds the text; closed ones are never found. */
export interface FindChannels {
  /** Default: "". */
  text?: string;
  /** Default: 50. */
  count?: number;
}

/** Subscribe to a public channel, or to a closed one the caller was added to. */
export interface SubscribeChannel {
  chId: ChannelId;
}

/** Leave a channel. The last admin cannot leave; the channel is deleted or handed over first. */
export interface UnsubscribeChannel {
  chId: ChannelId;
}

/** An admin or subscriber of a channel. */
export interface ChannelMember {
  cid: ContactId;
  role: string;
}

/** Admins (`role` "admin") or subscribers (`role` "subscriber") of a channel the caller may see. */
export interface GetChannelMembers {
  chId: ChannelId;
  role: string;
}

/** Add admins or subscribers; for admins. The added see the channel in their list at once. */
export interface AddChannelMembers {
  chId: ChannelId;
  members: ContactId[];
  role: string;
}

/** Take the role from a member; for admins. The last admin stays. */
export interface RemoveChannelMember {
  chId: ChannelId;
  member: ContactId;
}

/** The number of a new publication in its channel. */
export interface Published {
  pubId: PublicationId;
}

/** Publish; for admins. A repeated `key` returns the same publication. */
export interface SendPublication {
  chId: ChannelId;
  title: string;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  files?: PublicationFile[];
  /** Default: "". */
  key?: string;
}

/** Change a publication; for admins. */
export interface EditPublication {
  chId: ChannelId;
  pubId: PublicationId;
  title: string;
  /** Default: "". */
  text?: string;
  /** Default: []. */
  files?: PublicationFile[];
}

/** Delete a publication for everybody; for admins. */
export interface DeletePublication {
  chId: ChannelId;
  pubId: PublicationId;
}

/** A page of a channel, newest first. */
export interface Publications {
  publications: PublicationView[];
  /** Default: false. */
  older?: boolean;
  /** Default: false. */
  newer?: boolean;
}

/** A page of publications: the newest, those before `endId`, or those after `beginId`. */
export interface GetPublications {
  chId: ChannelId;
  /** Default: 0. */
  beginId?: PublicationId;
  /** Default: 0. */
  endId?: PublicationId;
  /** Default: 50. */
  count?: number;
}

/** The caller has read this publication and those before it. */
export interface PublicationWatched {
  chId: ChannelId;
  pubId: PublicationId;
}

/** A comment under a publication. */
export interface CommentView {
  id: number;
  chId: ChannelId;
  pubId: PublicationId;
  cid: ContactId;
  text: string;
  time: Seconds;
  /** Default: 0. */
  deletedTime?: Seconds;
}

/** Comment on a publication the caller may read, where the channel allows comments. A repeated `key`: the same. */
export interface SendComment {
  chId: ChannelId;
  pubId: PublicationId;
  text: string;
  /** Default: "". */
  key?: string;
}

/** Comments after `beginId`, oldest first. */
export interface GetComments {
  chId: ChannelId;
  pubId: PublicationId;
  /** Default: 0. */
  beginId?: number;
  /** Default: 50. */
  count?: number;
}

/** Delete a comment: its author or an admin. */
export interface DeleteComment {
  id: number;
}

/** The caller's own options; what is absent stays. */
export interface SetChannelOptions {
  chId: ChannelId;
  mutedUntil?: Seconds;
  pinned?: boolean;
}

/** A new publication, to admins and subscribers. */
export type PublicationEvent = PublicationView;

/** A publication was edited, deleted or its count of comments changed. */
export type PublicationChangeEvent = PublicationView;

/** A channel of the reader is now like this; when it is gone for the reader, `deleted`. */
export interface ChannelChangeEvent {
  chId: ChannelId;
  channel?: ChannelView;
  /** Default: false. */
  deleted?: boolean;
}

/** A new or deleted comment, to those who see the channel. */
export type CommentEvent = CommentView;

/** A text that its author has not sent yet; it follows the person across devices. */
export interface Draft {
  /** Default: "". */
  text?: string;
  /** Default: 0. */
  replyId?: MessageId;
  /** Default: 0. */
  time?: Seconds;
}

/** A conversation in its reader's list. */
export interface ChatView {
  cid: number;
  rev: Revision;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Of a group; a conversation of two is called by the other's card. Default: "". */
  name?: string;
  /** Default: "". */
  description?: string;
  /** Default: "". */
  avatar?: FileName;
  /** owner, admin, member; "left" when the reader is no member any more and may only read the past. Default: "member". */
  role?: string;
  /** Default: 2. */
  members?: number;
  /** Default: 0. */
  unread?: number;
  /** Unread messages that mention the reader. Default: 0. */
  mentions?: number;
  last?: MessageView;
  /** The reader has read up to here. Default: 0. */
  watchedId?: MessageId;
  /** Somebody else has received up to here. Default: 0. */
  peerReceivedId?: MessageId;
  /** Somebody else has read up to here. Default: 0. */
  peerWatchedId?: MessageId;
  /** Default: false. */
  pinned?: boolean;
  /** Default: false. */
  archived?: boolean;
  /** 0 = not muted; 2147483647 = for ever. Default: 0. */
  mutedUntil?: Seconds;
  draft?: Draft;
  /** The message pinned for everybody. Default: 0. */
  pinnedId?: MessageId;
  /** The reader deleted the conversation up to here; what he still has of it is to be dropped. Default: 0. */
  hiddenId?: MessageId;
}

/** Conversations of the caller as of revision `rev`. */
export interface Chats {
  rev: Revision;
  chats: ChatView[];
  /** Conversations gone from the list since the revision asked about, as [cidType, cid]. Default: []. */
  removed?: [PeerKind, number][];
}

/** The caller's list, newest first; with `minRev` only what changed after it (get-chats-changes). */
export interface GetChats {
  /** Default: 0. */
  minRev?: Revision;
}

/** Conversations that changed in any way after `minRev`; with every change told by `get-messages-changes` inside. */
export interface GetChatsChanges {
  /** Default: 0. */
  minRev?: Revision;
}

/** One conversation; a conversation of two that nobody has written in yet is shown empty. */
export interface GetChat {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/** A member of a group. */
export interface MemberView {
  cid: ContactId;
  /** Default: "member". */
  role?: string;
}

/** The members of a group that the caller is in, owner and admins first. */
export interface GetGroupMembers {
  cid: ChatId;
}

/** The number of a new group. */
export interface GroupCreated {
  cid: ChatId;
}

/** Create a group of the caller, its owner, and `members`; at most MAX_MEMBERS. The same `key` answers the same. */
export interface CreateGroup {
  name: string;
  /** Default: []. */
  members?: ContactId[];
  /** Default: "". */
  description?: string;
  /** Default: "". */
  avatar?: FileName;
  /** Default: "". */
  key?: string;
}

/** Change what is given; for owner and admins. */
export interface ChangeGroup {
  cid: ChatId;
  name?: string;
  description?: string;
  avatar?: FileName;
}

/** Invite people; for owner and admins. Those who are in already are passed over. */
export interface AddGroupMembers {
  cid: ChatId;
  members: ContactId[];
}

/** Take a member out; an admin may not remove the owner or another admin. */
export interface RemoveGroupMember {
  cid: ChatId;
  member: ContactId;
}

/** Leave; when the owner leaves, the oldest admin, else the oldest member becomes owner. */
export interface LeaveGroup {
  cid: ChatId;
}

/** Make a member admin or member, or hand the group over (`owner`); for the owner alone. */
export interface SetGroupRole {
  cid: ChatId;
  member: ContactId;
  role: string;
}

/** Pin a message for everybody in the conversation; id 0 takes the pin away. In groups for owner and admins. */
export interface PinMessage {
  cid: number;
  /** Default: 0. */
  id?: MessageId;
  /** Default: "user". */
  cidType?: PeerKind;
}

/** The caller's own options of a conversation; what is absent stays. */
export interface SetChatOptions {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  pinned?: boolean;
  archived?: boolean;
  mutedUntil?: Seconds;
}

/** Keep an unsent text; an empty one is forgotten. */
export interface SetDraft {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: "". */
  text?: string;
  /** Default: 0. */
  replyId?: MessageId;
}

/** Take a conversation off the caller's own list and hide its past from the caller alone; leave it, if a group. */
export interface DeleteConversation {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/** Everything is read. */
export type MarkAllWatched = Record<string, never>;

/** A conversation of the reader is now like this (name, members, options, draft, counters). */
export interface ChatChangeEvent {
  chat: ChatView;
}

/** The conversation is gone from the reader's list. */
export interface DeleteConversationEvent {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
}

/**
 * One field of a card. `type` is one of CARD_FIELDS, "number", "email", or "custom" with a `name`.
 *
 * "manager" and "assistant" hold a cid as text. Several numbers and e-mails are allowed; the first is the main one.
 */
export interface CardField {
  type: string;
  value: string;
  /** Default: "". */
  name?: string;
}

/** A card at APILevel 1 and above. */
export interface ContactView {
  cid: ContactId;
  rev: Revision;
  fields: CardField[];
  /** person, bot, system Default: "person". */
  kind?: string;
  /** Default: "". */
  avatar?: FileName;
  /** The shown name of a bot. Default: "". */
  title?: string;
  /** Default: "". */
  description?: string;
  /** A bot's commands as "/command - what it does". Default: []. */
  commands?: string[];
  /** Default: true. */
  active?: boolean;
}

/**
 * Cards the caller may see: an array of ContactView (OldContactView at APILevel 0), in the order of their `rev`.
 *
 * `type` "global" is the company's directory, "local" the caller's own list, which RosChat's clients keep on their
 * device: always empty. With `rev` only cards changed after it, deactivated ones included with `active` false; with
 * `cids` only these, deactivated ones included.
 */
export interface GetContacts {
  /** Default: "global". */
  type?: string;
  /** Default: 0. */
  rev?: Revision;
  /** Default: []. */
  cids?: ContactId[];
}

/** One card. */
export interface GetContact {
  cid: ContactId;
}

/** The caller's favourite contacts in the order they were added. */
export type GetFavorites = Record<string, never>;

/** Add a contact to the favourites, or take it off. */
export interface SetFavorite {
  cid: ContactId;
  /** Default: true. */
  favorite?: boolean;
}

/** Make an uploaded image the caller's avatar; an empty name takes it away. */
export interface SetAvatar {
  /** Default: "". */
  file?: FileName;
}

/** A card changed, appeared, or was deactivated. */
export interface ContactChangeEvent {
  contact: ContactView;
}

/** Many cards changed at once, this instead of each of them. Ask `get-contacts` with the last `rev` you know. */
export interface DirectoryChangeEvent {
  /** The directory's revision now. */
  rev: Revision;
}

/** What the server knows of a stored file; the type is sniffed from the content, not believed. */
export interface FileInfo {
  file: FileName;
  /** As its owner called it, made safe to show and to save. */
  name: string;
  size: number;
  contentType: string;
  owner: ContactId;
  /** Default: 0. */
  width?: number;
  /** Default: 0. */
  height?: number;
  /** A JPEG or WebP of at most 640 pixels, for images; it is asked for under this name. Default: "". */
  previewFile?: FileName;
}

/** Facts of a file the caller may see. */
export interface GetFileInfo {
  file: FileName;
}

/** A beacon that a phone hears; the nearest comes first. */
export interface HeardBeacon {
  uuid: string;
  minor: number;
  major: number;
}

/** Tell where the caller is; what was told before is forgotten. Without coordinates and beacons: stop sharing. */
export interface ShareLocation {
  latitude?: number;
  longitude?: number;
  /** Default: []. */
  beacons?: HeardBeacon[];
}

/**
 * Where somebody is: the name of the place, empty when it is none of ours; no `time`: he does not share it.
 *
 * Coordinates are never shown to others: only the names that the administrator gave.
 */
export interface LocationView {
  /** Default: "". */
  zone?: string;
  /** Default: 0. */
  time?: Seconds;
}

/** The status «Местоположение» of a contact that the caller may see. */
export interface GetLocation {
  cid: ContactId;
}

/** A message is stored. A resend with the same key answers the same. */
export interface Sent {
  id: MessageId;
  /** Default: 0. */
  time?: Seconds;
  /** Default: 0. */
  rev?: Revision;
}

/** Write into a conversation. `unstored` is passed on to those online and kept nowhere (id 0). */
export interface SendMessage {
  cid: number;
  data: string;
  /** Default: "user". */
  cidType?: PeerKind;
  /** text, data or unstored; system is the server's own. Default: "text". */
  dataType?: string;
  /** Default: 0. */
  replyId?: MessageId;
  /** Chosen by the client, unique for the author, up to 64 characters; makes a resend harmless. Default: "". */
  key?: string;
}

/** Repeat messages that the caller may read, in their order, in another conversation. */
export interface ForwardMessages {
  ids: MessageId[];
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: "". */
  key?: string;
}

/** Change the author's own message for all; the earlier text is kept for the audit. */
export interface EditMessage {
  id: MessageId;
  data: string;
}

/** Delete for all: the author's own message, or any message of a group for its owner and admins. */
export interface DeleteMessage {
  id: MessageId;
}

/** Put an emoji under a message, or take it back. */
export interface SetReaction {
  id: MessageId;
  reaction: string;
  /** Default: true. */
  on?: boolean;
}

/** The caller's device has this message and all before it in the conversation. */
export interface MessageReceived {
  id: MessageId;
}

/** The caller has read this message and all before it in the conversation. */
export interface MessageWatched {
  id: MessageId;
}

/** When one member received and read a message; absent = not yet. */
export interface MessageDetails {
  cid: ContactId;
  /** Default: 0. */
  receivedTime?: Seconds;
  /** Default: 0. */
  watchedTime?: Seconds;
  /** Default: 0. */
  deletedTime?: Seconds;
}

/** Who has received and read a message; one entry per member but the author. */
export interface GetMessageDetails {
  id: MessageId;
}

/** A page of a conversation, newest first. */
export interface History {
  messages: MessageView[];
  /** There is more before the last one of the page. Default: false. */
  older?: boolean;
  /** There is more after the first one of the page. Default: false. */
  newer?: boolean;
  /** Default: 0. */
  rev?: Revision;
}

/**
 * A page of history.
 *
 * Without bounds the newest `count`. `endId`: those before it. `beginId`: those after it, the ones next to it. Both:
 * between them, next to `beginId`. `around`: half a page on each side of a message, and itself. Always newest first.
 */
export interface GetMessages {
  cid: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  beginId?: MessageId;
  /** Default: 0. */
  endId?: MessageId;
  /** Default: 0. */
  around?: MessageId;
  /** Default: 50. */
  count?: number;
}

/** Messages new or changed after the revision asked about, oldest change first; `rev`: as far as they reach. */
export interface Changes {
  rev: Revision;
  messages: MessageView[];
  /** Ask again from `rev`. Default: false. */
  more?: boolean;
}

/**
 * What changed after `minRev`: in one conversation, or in all of the caller's when `cid` is absent.
 *
 * A snapshot as of revision N plus these changes equals a fresh snapshot.
 */
export interface GetMessagesChanges {
  minRev: Revision;
  /** Default: 0. */
  cid?: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 500. */
  count?: number;
}

/** The newest revision of the journal. */
export interface LastRevision {
  rev: Revision;
}

/** Where to count changes from. */
export type GetMessagesLastRevision = Record<string, never>;

/** A message that will be sent later. */
export interface Scheduled {
  id: number;
  cid: number;
  data: string;
  sendTime: Seconds;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: "text". */
  dataType?: string;
  /** Default: 0. */
  replyId?: MessageId;
  /** Why it could not be sent when its time came. Default: "". */
  error?: string;
}

/** Send at `sendTime` (at least a moment ahead, at most a year). The rules are asked again then. */
export interface ScheduleMessage {
  cid: number;
  data: string;
  sendTime: Seconds;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: "text". */
  dataType?: string;
  /** Default: 0. */
  replyId?: MessageId;
}

/** The caller's messages that wait for their time, soonest first. */
export type GetScheduledMessages = Record<string, never>;

/** Take a waiting message back. */
export interface DeleteScheduledMessage {
  id: number;
}

/** A new message, or an `unstored` notice. Also to the author's other sessions. */
export type MessageEvent = MessageView;

/** A message was edited, deleted (`deletedTime`, empty `data`) or got reactions: it is now like this. */
export type MessageChangeEvent = MessageView;

/** `reader` has received or read a conversation up to these messages. The reader's own devices get it too. */
export interface MessageMarksEvent {
  cid: number;
  reader: ContactId;
  time: Seconds;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  receivedId?: MessageId;
  /** Default: 0. */
  watchedId?: MessageId;
  /** For the reader's own devices: the count of unread messages that is left. Default: -1. */
  unread?: number;
}

/** `status` is online, away, busy or offline; `seen_time` is when an offline contact was last online. */
export interface PresenceView {
  cid: ContactId;
  status: string;
  /** Default: 0. */
  seenTime?: Seconds;
  /** Default: "". */
  text?: string;
}

/** The state of this session (online, away, busy) and, when given, a text shown beside the name. */
export interface SetContactStatus {
  /** Default: "online". */
  status?: string;
  text?: string;
}

/**
 * Look at these contacts from this session, and no longer at those named before. Answers how they are now.
 *
 * Contacts that the caller may not see are left out.
 */
export interface WatchPresence {
  /** Default: []. */
  cids?: ContactId[];
}

/** Changes of the looked-at contacts, gathered over a moment. */
export interface PresenceEvent {
  changes: PresenceView[];
}

/** What a stranger may know before he registers. */
export interface RegistrationRules {
  on: boolean;
  /** Mail addresses must end so; empty: any. */
  domains: string[];
}

/** May people register themselves here? */
export type GetRegistration = Record<string, never>;

/** `state`: code (repeat with the code that was mailed), waiting (for an administrator), done (sign in now). */
export interface RegisterReply {
  state: string;
  /** When done: give it to `login`, so that no second code is needed for the device that has just proved itself. Default: "". */
  device?: DeviceId;
}

/**
 * Ask for an account; the e-mail becomes the login.
 *
 * The answer is the same whether the address has an account or not; its owner learns it from the letter. Refused with
 * `access-denied` when registration is off, `bad-request` with `fields` (surname, name, email, password), `bad-code`,
 * `too-many-requests`.
 */
export interface Register {
  email: string;
  /** Default: "". */
  surname?: string;
  /** Default: "". */
  name?: string;
  /** Default: "". */
  password?: string;
  /** Default: "". */
  code?: string;
}

/** A stretch to highlight, in UTF-16 units of the snippet. */
export interface Mark {
  offset: number;
  length: number;
}

/** A message that matches; `snippet` is the text around the match. */
export interface MessageHit {
  message: MessageView;
  snippet: string;
  /** Default: []. */
  marks?: Mark[];
}

/** A person or bot that matches in a name, number, e-mail, position or department. */
export interface ContactHit {
  cid: ContactId;
  snippet: string;
  /** Default: []. */
  marks?: Mark[];
}

/** A channel the caller may see. */
export interface ChannelHit {
  chId: ChannelId;
  name: string;
  /** Default: "". */
  snippet?: string;
  /** Default: []. */
  marks?: Mark[];
}

/** Best first; messages newest first among equals. */
export interface Found {
  /** Default: []. */
  messages?: MessageHit[];
  /** Default: []. */
  files?: MessageHit[];
  /** Default: []. */
  contacts?: ContactHit[];
  /** Default: []. */
  channels?: ChannelHit[];
  /** Default: false. */
  more?: boolean;
}

/**
 * Find `text` (1 to 200 characters) in the kinds named in `what`; in one conversation when `cid` is given.
 *
 * The kinds are messages, files, contacts and channels; all of them when `what` is empty.
 *
 * `beforeId` continues the list of messages or files.
 */
export interface Search {
  text: string;
  /** Default: []. */
  what?: string[];
  /** Default: 0. */
  cid?: number;
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: 0. */
  beforeId?: MessageId;
  /** Default: 20. */
  count?: number;
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

/** Send a letter to the support address. `too-many-requests` after some in an hour, `mail-off` without mail. */
export interface WriteToSupport {
  text: string;
}

/** An answer and its votes; `voters` only in an open poll. */
export interface PollOption {
  text: string;
  /** Default: 0. */
  votes?: number;
  /** Default: []. */
  voters?: ContactId[];
}

/** The state of a poll as the caller sees it. */
export interface PollView {
  pollId: number;
  question: string;
  options: PollOption[];
  author: ContactId;
  /** Default: 0. */
  messageId?: MessageId;
  /** Default: false. */
  several?: boolean;
  /** Default: false. */
  anonymous?: boolean;
  /** Default: 0. */
  closesTime?: Seconds;
  /** Default: false. */
  closed?: boolean;
  /** How many people have answered. Default: 0. */
  voted?: number;
  /** The caller's own answers, as indexes of options. Default: []. */
  mine?: number[];
  /** Grows with each change of the poll: of two states the one with the larger `rev` is the newer. Default: 0. */
  rev?: number;
}

/** Ask a conversation; a message with a PollBody carries it. 2 to 20 different options of 1 to 200 characters. */
export interface CreatePoll {
  cid: number;
  question: string;
  options: string[];
  /** Default: "user". */
  cidType?: PeerKind;
  /** Default: false. */
  several?: boolean;
  /** Default: false. */
  anonymous?: boolean;
  /** Default: 0. */
  closesTime?: Seconds;
  /** Default: "". */
  key?: string;
}

/** The present state of a poll in a conversation the caller is in. */
export interface GetPoll {
  pollId: number;
}

/** Answer, change the answer, or take it back with no options, until the poll is closed. */
export interface VotePoll {
  pollId: number;
  /** Default: []. */
  options?: number[];
}

/** No more answers; for the author. */
export interface ClosePoll {
  pollId: number;
}

/** The live result of a poll. `mine` is absent: each reader keeps his own. */
export interface PollEvent {
  poll: PollView;
}

/** What `data` of a message holds when `dataType` is not "text". */
export type Body =
  | TextBody
  | PollBody
  | ChannelBody
  | PublicationBody
  | WritingBody
  | SystemBody
  | ContactBody
  | ImageBody
  | VideoBody
  | AudioBody
  | FileBody
  | LocationBody;

/** The ack of a command that was refused: a stable code, and one English sentence with the cause and the fix. */
export interface Failure {
  error: string;
  text?: string;
}

/** Commands of a person: emit the name with `request`; the ack is `reply` or a `Failure`. */
export interface Commands {
  "add-channel-members": { request: AddChannelMembers; reply: Empty };
  "add-group-members": { request: AddGroupMembers; reply: Empty };
  "bot-button": { request: PressBotButton; reply: Empty };
  "change-channel": { request: ChangeChannel; reply: Empty };
  "change-group": { request: ChangeGroup; reply: Empty };
  "change-password": { request: ChangePassword; reply: Empty };
  "close-poll": { request: ClosePoll; reply: Empty };
  "create-channel": { request: CreateChannel; reply: ChannelCreated };
  "create-group": { request: CreateGroup; reply: GroupCreated };
  "create-poll": { request: CreatePoll; reply: PollView };
  "delete-channel": { request: DeleteChannel; reply: Empty };
  "delete-comment": { request: DeleteComment; reply: Empty };
  "delete-conversation": { request: DeleteConversation; reply: Empty };
  "delete-message": { request: DeleteMessage; reply: Empty };
  "delete-publication": { request: DeletePublication; reply: Empty };
  "delete-scheduled-message": { request: DeleteScheduledMessage; reply: Empty };
  "edit-message": { request: EditMessage; reply: Empty };
  "edit-publication": { request: EditPublication; reply: Empty };
  "end-session": { request: EndSession; reply: Empty };
  "find-channels": { request: FindChannels; reply: ChannelView[] };
  "forward-messages": { request: ForwardMessages; reply: Sent[] };
  "get-bot-keyboard": { request: GetBotKeyboard; reply: KeyboardView };
  "get-channel": { request: GetChannel; reply: ChannelView };
  "get-channel-members": { request: GetChannelMembers; reply: ChannelMember[] };
  "get-channels": { request: GetChannels; reply: ChannelView[] };
  "get-chat": { request: GetChat; reply: ChatView };
  "get-chats": { request: GetChats; reply: Chats };
  "get-chats-changes": { request: GetChatsChanges; reply: Chats };
  "get-comments": { request: GetComments; reply: CommentView[] };
  "get-contact": { request: GetContact; reply: ContactView };
  "get-contacts": { request: GetContacts; reply: ContactView[] };
  "get-favorites": { request: GetFavorites; reply: ContactId[] };
  "get-file-info": { request: GetFileInfo; reply: FileInfo };
  "get-group-members": { request: GetGroupMembers; reply: MemberView[] };
  "get-location": { request: GetLocation; reply: LocationView };
  "get-message-details": { request: GetMessageDetails; reply: MessageDetails[] };
  "get-messages": { request: GetMessages; reply: History };
  "get-messages-changes": { request: GetMessagesChanges; reply: Changes };
  "get-messages-last-revision": { request: GetMessagesLastRevision; reply: LastRevision };
  "get-permissions": { request: GetPermissions; reply: Permissions };
  "get-poll": { request: GetPoll; reply: PollView };
  "get-publications": { request: GetPublications; reply: Publications };
  "get-registration": { request: GetRegistration; reply: RegistrationRules };
  "get-scheduled-messages": { request: GetScheduledMessages; reply: Scheduled[] };
  "get-sessions": { request: GetSessions; reply: DeviceView[] };
  "get-support": { request: GetSupport; reply: SupportView };
  "get-user-info": { request: GetUserInfo; reply: UserInfo };
  "leave-group": { request: LeaveGroup; reply: Empty };
  "login": { request: Login; reply: LoginReply };
  "logout": { request: Logout; reply: Empty };
  "mark-all-watched": { request: MarkAllWatched; reply: Empty };
  "message-received": { request: MessageReceived; reply: Empty };
  "message-watched": { request: MessageWatched; reply: Empty };
  "pin-message": { request: PinMessage; reply: Empty };
  "publication-watched": { request: PublicationWatched; reply: Empty };
  "refresh-token": { request: RefreshToken; reply: Tokens };
  "register": { request: Register; reply: RegisterReply };
  "remove-channel-member": { request: RemoveChannelMember; reply: Empty };
  "remove-group-member": { request: RemoveGroupMember; reply: Empty };
  "schedule-message": { request: ScheduleMessage; reply: Scheduled };
  "search": { request: Search; reply: Found };
  "send-comment": { request: SendComment; reply: CommentView };
  "send-message": { request: SendMessage; reply: Sent };
  "send-publication": { request: SendPublication; reply: Published };
  "set-avatar": { request: SetAvatar; reply: Empty };
  "set-channel-options": { request: SetChannelOptions; reply: Empty };
  "set-chat-options": { request: SetChatOptions; reply: Empty };
  "set-contact-status": { request: SetContactStatus; reply: Empty };
  "set-draft": { request: SetDraft; reply: Empty };
  "set-favorite": { request: SetFavorite; reply: Empty };
  "set-group-role": { request: SetGroupRole; reply: Empty };
  "set-reaction": { request: SetReaction; reply: Empty };
  "share-location": { request: ShareLocation; reply: Empty };
  "start-bot": { request: StartBot; reply: Empty };
  "subscribe-channel": { request: SubscribeChannel; reply: Empty };
  "unsubscribe-channel": { request: UnsubscribeChannel; reply: Empty };
  "vote-poll": { request: VotePoll; reply: PollView };
  "watch-presence": { request: WatchPresence; reply: PresenceView[] };
  "write-to-support": { request: WriteToSupport; reply: Empty };
}

/** Events that the server sends to persons and bots. */
export interface Events {
  "bot-button-event": BotButtonEvent;
  "bot-keyboard-event": BotKeyboardEvent;
  "bot-message-change-event": BotMessageChangeEvent;
  "bot-message-event": BotMessageEvent;
  "bot-notice-event": BotNoticeEvent;
  "channel-change-event": ChannelChangeEvent;
  "chat-change-event": ChatChangeEvent;
  "comment-event": CommentEvent;
  "contact-change-event": ContactChangeEvent;
  "delete-bot-conversation-event": DeleteBotConversationEvent;
  "delete-conversation-event": DeleteConversationEvent;
  "directory-change-event": DirectoryChangeEvent;
  "message-change-event": MessageChangeEvent;
  "message-event": MessageEvent;
  "message-marks-event": MessageMarksEvent;
  "permissions-change-event": PermissionsChangeEvent;
  "poll-event": PollEvent;
  "presence-event": PresenceEvent;
  "publication-change-event": PublicationChangeEvent;
  "publication-event": PublicationEvent;
}
