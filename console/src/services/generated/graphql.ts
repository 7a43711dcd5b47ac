/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a task does. */
export type Action =
  /** Copies what is missing or changed at the destination. */
  | 'COPY'
  /** Copies, then deletes what only the destination has. */
  | 'SYNC'
  /** Checks that the destination has what the source has. */
  | 'VERIFY';

/** Who did something. */
export type ActorKind =
  /** Nobody that is known, such as a sign-in that was refused. */
  | 'ANONYMOUS'
  /** Somebody on the hub's host, by a command. */
  | 'HOST'
  /** The scheduler. */
  | 'SCHEDULER'
  /** The hub itself. */
  | 'SYSTEM'
  /** An API token. */
  | 'TOKEN'
  /** A user, in a session. */
  | 'USER'
  /** A worker. */
  | 'WORKER';

/** Which deletions to approve. */
export type ApproveDeletionsInput = {
  /** The number that was read: `Run.deletions.count`. */
  expectedCount: string;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The run's id. */
  runId: string | number;
};

/** Which entries of the audit log. All given fields must fit. */
export type AuditFilter = {
  /** Of that action. */
  action?: string | null | undefined;
  /** By that user or token. */
  actorId?: string | null | undefined;
  /** Happened or refused. */
  outcome?: AuditOutcome | null | undefined;
  /** From then on. */
  since?: string | null | undefined;
  /** Done to that thing. */
  targetId?: string | null | undefined;
  /** Done to that kind of thing. */
  targetKind?: string | null | undefined;
  /** Before then. */
  until?: string | null | undefined;
};

/** Whether something happened. */
export type AuditOutcome =
  /** It happened. */
  | 'OK'
  /** It was refused. */
  | 'REFUSED';

/** What an entry is. */
export type BrowseEntryKind =
  /** A bucket. */
  | 'BUCKET'
  /** An object, or a file. */
  | 'OBJECT'
  /** What the names of several objects begin with; a directory. */
  | 'PREFIX';

/** Where to look: into an endpoint that is saved, or one that is not yet. */
export type BrowseInput = {
  /** An endpoint that is not saved. Only administrators may give it. */
  endpoint?: EndpointInput | null | undefined;
  /** The endpoint's id. */
  endpointId?: string | number | null | undefined;
  /** Empty: the buckets. `bucket/prefix/`: what is there, one level. Of a host: directories, from `/` or the endpoint's root. */
  path?: string;
  /** The beginning of names. */
  search?: string;
};

/** Which run to cancel. */
export type CancelRunInput = {
  /** The run's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** A change of one's own password. */
export type ChangePasswordInput = {
  /** The present password. */
  currentPassword: string;
  /** The new password, at least 12 characters. */
  newPassword: string;
};

/** The unit of a counter. */
export type CounterUnit =
  /** Bytes. */
  | 'BYTES'
  /** Items: objects or images. */
  | 'ITEMS'
  /** Requests to a store. */
  | 'REQUESTS';

/** A new API token. */
export type CreateApiTokenInput = {
  /** Days until it expires, 1 to 366; administrators up to 3660. Null: 90. */
  expiresInDays?: number | null | undefined;
  /** What it is for. */
  name: string;
  /** Whether it never expires; for administrators. */
  neverExpires?: boolean;
  /** What it may do at most. */
  scope?: TokenScope;
};

/** A new credential. */
export type CreateCredentialInput = {
  /** The credential that it builds on, if its kind needs one. */
  baseId?: string | number | null | undefined;
  /** When its secrets end. */
  expiresAt?: string | null | undefined;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** Its kind: `CredentialKind.name`. */
  kind: string;
  /** Its name, unique among credentials: up to 100 bytes. */
  name: string;
  /** What is public about it. */
  options?: Array<CredentialFieldInput> | null | undefined;
  /** Its secrets. */
  secrets?: Array<CredentialFieldInput> | null | undefined;
};

/** A new endpoint. */
export type CreateEndpointInput = {
  /** The endpoint. */
  endpoint: EndpointInput;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** The first administrator. */
export type CreateFirstAdministratorInput = {
  /** The e-mail address. */
  email: string;
  /** The name. */
  name: string;
  /** The password, at least 12 characters. */
  password: string;
  /** The token that the hub prints at its start. */
  setupToken: string;
};

/** What createTask takes. */
export type CreateTaskInput = {
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** Whether its first run starts at once. */
  start?: boolean;
  /** The task. */
  task: TaskInput;
};

/** A new user. */
export type CreateUserInput = {
  /** The e-mail address. */
  email: string;
  /** The name. */
  name: string;
  /** What the user may do: VIEWER, OPERATOR or ADMIN. */
  role: Role;
};

/** A value of a field of a credential. */
export type CredentialFieldInput = {
  /** The name: `CredentialField.name`. */
  name: string;
  /** The value. */
  value: string;
};

/** A credential to delete. */
export type DeleteCredentialInput = {
  /** The credential's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** An endpoint to delete. */
export type DeleteEndpointInput = {
  /** The endpoint's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** The user to delete. */
export type DeleteUserInput = {
  /** The user's id. */
  id: string | number;
};

/** A decision about deletions. */
export type DeletionDecision =
  /** The run may delete that many objects. */
  | 'APPROVED'
  /** The run deletes nothing, and is cancelled. */
  | 'REJECTED';

/** A kind of text that stands for a task. */
export type DocumentFormat =
  /** A command of `dth`, with variables in the place of credentials. */
  | 'CLI'
  /** A document that applyTask takes, with names of endpoints. */
  | 'YAML';

/** Which worker to drain. */
export type DrainWorkerInput = {
  /** The worker's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** Which of one's own sessions end. */
export type EndSessionsInput = {
  /** Their ids; not given, or null: all but the session of this request. An empty list ends none. */
  ids?: Array<string | number> | null | undefined;
};

/** What tasks do at an endpoint. */
export type EndpointAccess =
  /** They list and read. */
  | 'READ'
  /** They write and delete. */
  | 'WRITE';

/** What a check is about. */
export type EndpointCheckName =
  /** The name of the server has an address, and the hub may connect to it. */
  | 'ADDRESS'
  /** The clocks of store and hub agree. */
  | 'CLOCK'
  /** A connection to the server can be made. */
  | 'CONNECTION'
  /** The store accepts the credential. */
  | 'CREDENTIAL'
  /** An object can be deleted. */
  | 'DELETE'
  /** Objects can be listed. */
  | 'LIST'
  /** The names of buckets can be listed. Tasks do not need it. */
  | 'LIST_BUCKETS'
  /** An object can be read. */
  | 'READ'
  /** The server's certificate is accepted. */
  | 'TLS'
  /** An object can be written. */
  | 'WRITE';

/** What came of a check. */
export type EndpointCheckState =
  /** It failed. */
  | 'FAILED'
  /** It was not made. */
  | 'NOT_TRIED'
  /** It succeeded. */
  | 'PASSED'
  /** It found something that tasks can do without, or that a person should look at. */
  | 'WARNING';

/** Which endpoints are listed. What is not given fits all. */
export type EndpointFilter = {
  /** Those that use this credential. */
  credentialId?: string | number | null | undefined;
  /** Those of these kinds. */
  kind?: Array<string> | null | undefined;
  /** Those with this label. */
  label?: LabelInput | null | undefined;
  /** A text within name, description, vendor or options, in either case. */
  text?: string | null | undefined;
};

/** What an endpoint is. */
export type EndpointInput = {
  /** The credential that signs its requests. Null: they are not signed. */
  credentialId?: string | number | null | undefined;
  /** What people say about it. */
  description?: string;
  /** Its kind: `EndpointKind.name`. It does not change later. */
  kind: string;
  /** What to mark it with: up to 50 labels. */
  labels?: Array<LabelInput> | null | undefined;
  /** Its name, unique among endpoints: up to 100 bytes, without a colon. */
  name: string;
  /** How it is reached. */
  options?: Array<EndpointOptionInput> | null | undefined;
  /** The template that it was made from: `EndpointTemplate.name`. */
  vendor?: string;
};

/** An option of an endpoint. */
export type EndpointOptionInput = {
  /** The name: `PluginOption.name` of the kind. */
  name: string;
  /** The value. Empty: as if it were not given. */
  value: string;
};

/** The kind of a failure. */
export type FailureCode =
  /** The thing exists and must not. */
  | 'ALREADY_EXISTS'
  /** The work was stopped. */
  | 'CANCELLED'
  /** The bytes are not what they should be. */
  | 'DATA_CORRUPTED'
  /** A bug, here or there. */
  | 'INTERNAL'
  /** The store refuses the request as wrong. */
  | 'INVALID_ARGUMENT'
  /** The thing does not exist. */
  | 'NOT_FOUND'
  /** The credential does not permit this. */
  | 'PERMISSION_DENIED'
  /** The thing changed meanwhile. */
  | 'PRECONDITION_FAILED'
  /** The store asks for fewer requests. */
  | 'THROTTLED'
  /** A deadline passed. */
  | 'TIMEOUT'
  /** The store does not accept the credential. */
  | 'UNAUTHENTICATED'
  /** The store, or the way to it, does not work. */
  | 'UNAVAILABLE'
  /** The store cannot do it. */
  | 'UNSUPPORTED';

/** Which failures a list shows: those that fit all given fields. */
export type FailureFilter = {
  /** Failures of this kind. */
  code?: FailureCode | null | undefined;
  /** The beginning of the key. */
  keyPrefix?: string | null | undefined;
  /** Failures with this reason. */
  reason?: FailureReason | null | undefined;
  /** Failures of this step; an empty text: of copying. */
  step?: string | null | undefined;
  /** A part of the message or detail. Upper and lower case of ASCII letters are the same. */
  text?: string | null | undefined;
};

/** What exactly is the matter with a failed item. New values are added with new versions. */
export type FailureReason =
  /** The store refuses an optional feature of the request. */
  | 'AID_REFUSED'
  /** The request went out and no answer came. It may have been carried out. */
  | 'ANSWER_LOST'
  /** There is no such bucket. */
  | 'BUCKET_MISSING'
  /** The bucket exists and has the same owner. */
  | 'BUCKET_OWNED'
  /** The destination has no space left, or a quota is used up. */
  | 'DESTINATION_FULL'
  /** The object is larger than the file system allows. */
  | 'FILE_TOO_LARGE'
  /** The answer is not the store's own, but that of a proxy or a portal. */
  | 'FOREIGN_ANSWER'
  /** A header of the answer has a name that no header may have. */
  | 'HEADER_NAME'
  /** The store lists the object and answers that it does not exist. */
  | 'LISTED_BUT_MISSING'
  /** The destination would keep the object under another name. */
  | 'NAME_NOT_KEPT'
  /** The object is archived. It has to be restored before it can be read. */
  | 'OBJECT_ARCHIVED'
  /** The store has no such object. */
  | 'OBJECT_MISSING'
  /** A part of the multipart upload is not there. */
  | 'PART_MISSING'
  /** The archived object is being restored. */
  | 'RESTORE_IN_PROGRESS'
  /** The hub's state cannot grow: its disk is full. */
  | 'STATE_FULL'
  /** The hub's state cannot be reached. */
  | 'STATE_UNREACHABLE'
  /** The answer was 404, without the store's word that the object is missing. */
  | 'UNCONFIRMED_ABSENCE'
  /** No connection is possible. */
  | 'UNREACHABLE'
  /** The multipart upload is not there: it was completed, aborted or never begun. */
  | 'UPLOAD_MISSING'
  /** The store has no such version of the object. */
  | 'VERSION_MISSING';

/** A label. */
export type LabelInput = {
  /** The name: 1 to 63 bytes. */
  name: string;
  /** The value: up to 255 bytes. */
  value: string;
};

/** What happens about runs that were due while nobody could start them, by more than a minute. */
export type MissedPolicy =
  /** One run makes up for all of them. */
  | 'RUN_ONCE'
  /** They are left out. */
  | 'SKIP';

/** The type of an option's values. */
export type OptionType =
  /** An address: HOST:PORT. */
  | 'ADDRESS'
  /** One of `choices`. */
  | 'CHOICE'
  /** A whole number. */
  | 'COUNT'
  /** A duration, such as 90s, 15m, 12h or 7d. */
  | 'DURATION'
  /** On or off. */
  | 'FLAG'
  /** Texts. The option may be given several times. */
  | 'LIST'
  /** Host names, separated by commas. */
  | 'NAMES'
  /** A number of bytes, such as 64MiB. */
  | 'SIZE'
  /** Any text. */
  | 'TEXT'
  /** A date, a time, or a duration before the run. */
  | 'TIME';

/** The direction of an order. */
export type OrderDirection =
  /** The least, or earliest, first. */
  | 'ASC'
  /** The greatest, or latest, first. */
  | 'DESC';

/** What happens if a run is due while the one before is not over. */
export type OverlapPolicy =
  /** It starts once the one before is over. At most one run is kept for that. */
  | 'QUEUE'
  /** The one before is cancelled, and the new one starts once that is over. */
  | 'REPLACE'
  /** The run is left out. */
  | 'SKIP';

/** Which run to pause. */
export type PauseRunInput = {
  /** The run's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** What a run does. */
export type Phase =
  /** Settles what was left open, and signs the ledger. */
  | 'CLOSE'
  /** Copies items. */
  | 'COPY'
  /** Deletes items at the destination. */
  | 'DELETE'
  /** Lists both sides and finds out what there is to do. */
  | 'LIST'
  /** Verifies items. A copy verifies each item as it copies it. */
  | 'VERIFY';

/** How a phase stands. */
export type PhaseState =
  /** It is complete. */
  | 'DONE'
  /** It has not begun, or waits for another phase. */
  | 'PENDING'
  /** Jobs of it wait or are executed. */
  | 'RUNNING'
  /** The run ended, and there was nothing to do in this phase. */
  | 'SKIPPED';

/** Which deletions to reject. */
export type RejectDeletionsInput = {
  /** Why, for people. At most 1,000 bytes. */
  comment?: string | null | undefined;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The run's id. */
  runId: string | number;
};

/** Whose password is to be set again. */
export type ResetPasswordInput = {
  /** The user's id. */
  id: string | number;
};

/** Which run to resume. */
export type ResumeRunInput = {
  /** The run's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
};

/** Which failed items to try again: those that fit all given fields; all items if no field is given. */
export type RetryRunInput = {
  /** Items that failed with one of these codes. At most 10,000 items. */
  codes?: Array<FailureCode> | null | undefined;
  /** The id of the run whose items failed. It is over. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** Items with these keys. At most 10,000. */
  keys?: Array<string> | null | undefined;
  /** Items that failed for one of these reasons. At most 10,000 items. */
  reasons?: Array<FailureReason> | null | undefined;
};

/** The token to revoke. */
export type RevokeApiTokenInput = {
  /** The token's id. */
  id: string | number;
};

/** What somebody may do. Each role may do what those before it may. */
export type Role =
  /** Also manages users, tokens, credentials and settings. */
  | 'ADMIN'
  /** Somebody who has not signed in. */
  | 'ANYONE'
  /** Also starts, pauses and cancels runs. */
  | 'OPERATOR'
  /** Reads tasks, runs and their results. */
  | 'VIEWER';

/** New secrets of a credential, all of them. */
export type RotateCredentialInput = {
  /** When they end. */
  expiresAt?: string | null | undefined;
  /** The credential's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The secrets. */
  secrets: Array<CredentialFieldInput>;
};

/** Which runs a list shows: those that fit all given fields. */
export type RunFilter = {
  /** Runs with one of these actions. */
  action?: Array<Action> | null | undefined;
  /** Runs that were created before this time. */
  createdBefore?: string | null | undefined;
  /** Runs that were created at this time or later. */
  createdFrom?: string | null | undefined;
  /** Runs of one of these kinds: `Plugin.kind`. */
  kind?: Array<string> | null | undefined;
  /** Runs in one of these states. */
  state?: Array<RunState> | null | undefined;
  /** Runs of one of these tasks. */
  taskId?: Array<string | number> | null | undefined;
  /** A part of the source or destination. Upper and lower case of ASCII letters are the same. */
  text?: string | null | undefined;
  /** Runs that were started so. */
  trigger?: Array<RunTrigger> | null | undefined;
};

/** How a run stands. */
export type RunState =
  /** The run ended because it was cancelled. */
  | 'CANCELLED'
  /** Somebody cancelled it. Work in flight ends, and incomplete uploads are aborted. */
  | 'CANCELLING'
  /** The run ended, and some items failed or could not be verified. */
  | 'COMPLETED_WITH_FAILURES'
  /** The run could not be completed: see `error`. */
  | 'FAILED'
  /** The run has begun, and no worker that may execute it is alive. */
  | 'INTERRUPTED'
  /** Somebody paused it. It continues when it is resumed. */
  | 'PAUSED'
  /** The run has not begun. */
  | 'QUEUED'
  /** A worker executes it. */
  | 'RUNNING'
  /** Every item was dealt with. */
  | 'SUCCEEDED'
  /** The run continues by itself when something outside is put right: see `waiting`. */
  | 'WAITING';

/** What runTasks takes. */
export type RunTasksInput = {
  /** What these runs do instead of the tasks' own action. */
  action?: Action | null | undefined;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The tasks, 1 to 100. */
  ids: Array<string | number>;
  /** Options that these runs have instead of the tasks' own. */
  options?: Array<TaskOptionInput> | null | undefined;
};

/** What starts a run. */
export type RunTrigger =
  /** A command on a host of its own. */
  | 'COMMAND_LINE'
  /** Somebody, through the hub. */
  | 'MANUAL'
  /** Somebody who tries failed items of another run again. */
  | 'RETRY'
  /** The schedule of its task. */
  | 'SCHEDULE';

/** When a task runs. Fields that its kind does not have are ignored. */
export type ScheduleInput = {
  /** The time from which intervals are counted. Default: the minute in which the schedule is made. */
  anchor?: string | null | undefined;
  /** The time of a ONCE schedule. */
  at?: string | null | undefined;
  /** The cron expression of a CRON schedule. */
  cron?: string | null | undefined;
  /** The length of the interval of an EVERY schedule, in units: 1 to 100,000. */
  everyCount?: number | null | undefined;
  /** The unit of the interval. */
  everyUnit?: ScheduleUnit | null | undefined;
  /** The kind of schedule. */
  kind: ScheduleKind;
  /** What happens about runs that were missed. */
  missed?: MissedPolicy;
  /** What happens if the run before is not over. */
  overlap?: OverlapPolicy;
  /** The time zone, such as `Europe/Berlin`. Default: UTC. */
  zone?: string | null | undefined;
};

/** A kind of schedule. */
export type ScheduleKind =
  /** It runs by a cron expression: five fields, or the six of Amazon EventBridge. */
  | 'CRON'
  /** It runs at regular intervals. */
  | 'EVERY'
  /** It runs only when somebody starts it. */
  | 'MANUAL'
  /** It runs once, at a time. */
  | 'ONCE';

/** What a note of a schedule is about. */
export type ScheduleNoteKind =
  /** The time of day comes twice on that day: the run starts at the first. */
  | 'COMES_TWICE'
  /** No time comes any more. */
  | 'NEVER'
  /** The time of day does not exist on that day, because clocks are put forward: the run starts then. */
  | 'PUT_FORWARD';

/** A unit of intervals. */
export type ScheduleUnit =
  /** Days. They keep the time of day in the schedule's zone. */
  | 'DAYS'
  /** Hours of elapsed time. */
  | 'HOURS'
  /** Minutes of elapsed time. */
  | 'MINUTES';

/** A password for a one-time link. */
export type SetPasswordInput = {
  /** The password, at least 12 characters. */
  password: string;
  /** The token of the link. */
  token: string;
};

/** What gave the value of a setting. */
export type SettingSource =
  /** Nothing: it is the default. */
  | 'DEFAULT'
  /** The file of settings. */
  | 'FILE'
  /** The command line. */
  | 'FLAG'
  /** A variable of the environment. */
  | 'VARIABLE';

/** A side of a task. */
export type Side =
  /** What is written. */
  | 'DESTINATION'
  /** What is read. */
  | 'SOURCE';

/** What to sign in with. */
export type SignInInput = {
  /** The e-mail address. */
  email: string;
  /** The password. */
  password: string;
};

/** A kind of database. */
export type StateKind =
  /** A server that several hubs and workers share. */
  | 'POSTGRESQL'
  /** A file on the hub's host. */
  | 'SQLITE';

/** What a task does now. */
export type TaskActivity =
  /** No run is under way. */
  | 'IDLE'
  /** The run has begun, and no worker that may execute it is alive. */
  | 'INTERRUPTED'
  /** The run is paused. */
  | 'PAUSED'
  /** A run has not begun yet. */
  | 'QUEUED'
  /** A run is executed, or being cancelled. */
  | 'RUNNING'
  /** The run waits for something outside: see `Run.waiting`. */
  | 'WAITING'
  /** The run waits until somebody approves its deletions. */
  | 'WAITS_FOR_APPROVAL';

/** Which tasks are listed: those that fit all given fields. */
export type TaskFilter = {
  /** Tasks with one of these actions. */
  action?: Array<Action> | null | undefined;
  /** Tasks with one of these endpoints on either side. */
  endpointId?: Array<string | number> | null | undefined;
  /** Tasks with this label. */
  label?: LabelInput | null | undefined;
  /** Tasks whose newest run that is over ended so. */
  lastResult?: Array<RunState> | null | undefined;
  /** Tasks in one of these states. */
  state?: Array<TaskState> | null | undefined;
  /** A part of the name, the description or a path. Upper and lower case of ASCII letters are the same. */
  text?: string | null | undefined;
  /** The part of all tasks. */
  view?: TaskView;
};

/** Which tasks a mutation is about. */
export type TaskIdsInput = {
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The tasks, 1 to 100. */
  ids: Array<string | number>;
};

/** What a task is to be. */
export type TaskInput = {
  /** What it does. */
  action: Action;
  /** What it is for, 2,000 bytes at most. */
  description?: string;
  /** What is written. */
  destination: TaskLocationInput;
  /** The kind of task: `Plugin.kind`. */
  kind?: string;
  /** What it is marked with. At most 50. */
  labels?: Array<LabelInput> | null | undefined;
  /** The name, 1 to 100 bytes. */
  name: string;
  /** Its options. Those that say how a side is reached are the endpoints'. */
  options?: Array<TaskOptionInput> | null | undefined;
  /** When it runs. Null: only when somebody starts it. */
  schedule?: ScheduleInput | null | undefined;
  /** What is read. */
  source: TaskLocationInput;
};

/** One side of a task. */
export type TaskLocationInput = {
  /** The endpoint. */
  endpointId: string | number;
  /** The place at the endpoint: `bucket/prefix/`. */
  path: string;
};

/** An option of a task: one of `Plugin.options`. A list's name is repeated for each member. */
export type TaskOptionInput = {
  /** The name. */
  name: string;
  /** The value. */
  value: string;
};

/** The order of a list of tasks. */
export type TaskOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What the tasks are ordered by. */
  field?: TaskOrderField;
};

/** What tasks are ordered by. */
export type TaskOrderField =
  /** The creation. */
  | 'CREATED_AT'
  /** The name. */
  | 'NAME'
  /** The next run. Tasks without one are the latest. */
  | 'NEXT_RUN_AT'
  /** The last change. */
  | 'UPDATED_AT';

/** What a task may do. */
export type TaskState =
  /** It is kept for its history. */
  | 'ARCHIVED'
  /** It starts no runs until it is resumed. */
  | 'PAUSED'
  /** It starts runs. */
  | 'READY';

/** A part of all tasks. */
export type TaskView =
  /** Tasks that are not archived. */
  | 'ALL'
  /** Tasks that are archived. */
  | 'ARCHIVED'
  /** Tasks whose last run failed or had failures, whose run waits, or that could not start one. */
  | 'ATTENTION'
  /** Tasks that are paused. */
  | 'PAUSED'
  /** Tasks with a run that is not over, nor paused. */
  | 'RUNNING';

/** An endpoint to test: one that is saved, or one that is not yet. */
export type TestEndpointInput = {
  /** What tasks will do there. WRITE writes an object with a random name under the prefix, and deletes it at once. */
  access?: Array<EndpointAccess>;
  /** The bucket to list, read and write, or the directory, such as `/data`. Null: these checks are not made. */
  bucket?: string | null | undefined;
  /** With `id` and `endpoint`: as in UpdateEndpointInput. */
  confirmHost?: string | null | undefined;
  /** An endpoint that is not saved. Only administrators may give it. */
  endpoint?: EndpointInput | null | undefined;
  /** The endpoint's id. With `endpoint`: test it as if it were changed so. */
  id?: string | number | null | undefined;
  /** What the names of objects begin with there. */
  prefix?: string | null | undefined;
};

/** What an estimate of the time left rests on. */
export type TimeLeftKind =
  /** Items are still being listed, and nothing tells how many there are: it takes at least this long. */
  | 'FLOOR'
  /** Items are still being listed. The run before tells how many there may be. */
  | 'FORECAST'
  /** Everything is listed: the items that are pending, at the rates of the run. */
  | 'MEASURED';

/** What an API token may do at most, whatever the role of its owner. */
export type TokenScope =
  /** Everything that its owner may do. */
  | 'ADMIN'
  /** Also what an operator may do. */
  | 'OPERATE'
  /** Reads what a viewer may read, and changes nothing. */
  | 'READ';

/** A change of an endpoint: all of `endpoint` replaces what was kept. */
export type UpdateEndpointInput = {
  /** The server that signed requests go to from now on, if they did not before: a stored secret is used with no other server unasked. The error CONFIRMATION_REQUIRED names it. */
  confirmHost?: string | null | undefined;
  /** The endpoint from now on. */
  endpoint: EndpointInput;
  /** The endpoint's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The revision that the caller saw. */
  revision: number;
};

/** What updateTask takes. */
export type UpdateTaskInput = {
  /** The task's id. */
  id: string | number;
  /** Any text of the client's, 1 to 255 bytes. For a day, the same key answers the first answer. */
  idempotencyKey?: string | null | undefined;
  /** The revision that the caller saw. The change is refused if the task has another one. */
  revision: number;
  /** The task as it is to be. */
  task: TaskInput;
};

/** A change of a user. What is not given stays. */
export type UpdateUserInput = {
  /** The e-mail address. */
  email?: string | null | undefined;
  /** The user's id. */
  id: string | number;
  /** Whether the user may not sign in. */
  isDisabled?: boolean | null | undefined;
  /** The name. */
  name?: string | null | undefined;
  /** The revision that was read: another one is refused with STALE_REVISION. */
  revision?: string | null | undefined;
  /** What the user may do. */
  role?: Role | null | undefined;
};

/** The kind of an error that the sender of a mutation can correct. */
export type UserErrorCode =
  /** The change does what has to be confirmed by name: the message says what to confirm. */
  | 'CONFIRMATION_REQUIRED'
  /** These options exclude each other. */
  | 'CONFLICTING_OPTIONS'
  /** The token or link is too old. */
  | 'EXPIRED'
  /** The first call with this idempotency key has not finished. */
  | 'IDEMPOTENCY_KEY_IN_PROGRESS'
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The value cannot be used. */
  | 'INVALID'
  /** Other things need this one, so it cannot be changed or deleted. */
  | 'IN_USE'
  /** No more of these are allowed. */
  | 'LIMIT_REACHED'
  /** There is no such thing. */
  | 'NOT_FOUND'
  /** The number is beyond its limits. */
  | 'OUT_OF_RANGE'
  /** The field is missing or empty. */
  | 'REQUIRED'
  /** Somebody else changed the thing since it was read. */
  | 'STALE_REVISION'
  /** The name belongs to another thing. */
  | 'TAKEN'
  /** The value is too long. */
  | 'TOO_LONG'
  /** The place that was to be tried does not answer. */
  | 'UNREACHABLE'
  /** This hub cannot do it. */
  | 'UNSUPPORTED'
  /** The password is too easy to guess. */
  | 'WEAK_PASSWORD'
  /** The password that was to confirm the change is wrong. */
  | 'WRONG_PASSWORD'
  /** The thing is in a state that does not allow this. */
  | 'WRONG_STATE';

/** What validateTask takes. */
export type ValidateTaskInput = {
  /** The task that it would be a change of. Null: it would be new. */
  id?: string | number | null | undefined;
  /** The task. */
  task: TaskInput;
};

/** What has to be put right before a run continues. */
export type WaitingFor =
  /** Somebody has to approve deletions: `Run.deletions`. */
  | 'APPROVAL'
  /** A store refuses the credential. */
  | 'CREDENTIAL'
  /** The destination is full. */
  | 'SPACE'
  /** A store cannot be reached or used. */
  | 'STORE';

/** How a worker stands. */
export type WorkerState =
  /** It executes jobs. */
  | 'BUSY'
  /** It takes no more jobs, and holds none. */
  | 'DRAINED'
  /** It takes no more jobs, and executes those that it holds. */
  | 'DRAINING'
  /** Its process is gone, or was not heard of for a minute. */
  | 'LOST'
  /** It takes jobs, and holds none. */
  | 'READY';

export type DeletionPartsFragment = { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> };

export type ApproveDeletionsMutationVariables = Exact<{
  input: ApproveDeletionsInput;
}>;


export type ApproveDeletionsMutation = { approveDeletions: { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type RejectDeletionsMutationVariables = Exact<{
  input: RejectDeletionsInput;
}>;


export type RejectDeletionsMutation = { rejectDeletions: { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type AuditEventsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: AuditFilter | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { nodes: Array<{ id: string, at: string, actorKind: ActorKind, actorId: string | null, actorName: string | null, address: string | null, action: string, targetKind: string | null, targetId: string | null, targetName: string | null, outcome: AuditOutcome, requestId: string | null, changes: Array<{ field: string, before: string | null, after: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CredentialRowFragment = { id: string, name: string, kind: string, createdAt: string, rotatedAt: string, lastUsedAt: string | null, expiresAt: string | null, revision: number, options: Array<{ name: string, value: string }> | null, base: { id: string, name: string } | null, usedBy: Array<{ kind: string, id: string, name: string }> | null };

export type CredentialsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type CredentialsQuery = { credentials: { totalCount: string | null, nodes: Array<{ id: string, name: string, kind: string, createdAt: string, rotatedAt: string, lastUsedAt: string | null, expiresAt: string | null, revision: number, options: Array<{ name: string, value: string }> | null, base: { id: string, name: string } | null, usedBy: Array<{ kind: string, id: string, name: string }> | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CredentialKindsQueryVariables = Exact<{ [key: string]: never; }>;


export type CredentialKindsQuery = { credentialKinds: Array<{ name: string, help: string, needsBase: boolean, options: Array<{ name: string, help: string, placeholder: string | null, isRequired: boolean }>, secrets: Array<{ name: string, help: string, placeholder: string | null, isRequired: boolean }> }> };

export type CreateCredentialMutationVariables = Exact<{
  input: CreateCredentialInput;
}>;


export type CreateCredentialMutation = { createCredential: { credential: { id: string, name: string, kind: string, createdAt: string, rotatedAt: string, lastUsedAt: string | null, expiresAt: string | null, revision: number, options: Array<{ name: string, value: string }> | null, base: { id: string, name: string } | null, usedBy: Array<{ kind: string, id: string, name: string }> | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type RotateCredentialMutationVariables = Exact<{
  input: RotateCredentialInput;
}>;


export type RotateCredentialMutation = { rotateCredential: { credential: { id: string, name: string, kind: string, createdAt: string, rotatedAt: string, lastUsedAt: string | null, expiresAt: string | null, revision: number, options: Array<{ name: string, value: string }> | null, base: { id: string, name: string } | null, usedBy: Array<{ kind: string, id: string, name: string }> | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type DeleteCredentialMutationVariables = Exact<{
  input: DeleteCredentialInput;
}>;


export type DeleteCredentialMutation = { deleteCredential: { deletedCredentialId: string | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type TestPartsFragment = { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> };

export type EndpointRowFragment = { id: string, name: string, kind: string, vendor: string, description: string, address: string | null, taskCount: number, createdAt: string, updatedAt: string, revision: number, options: Array<{ name: string, value: string }>, credential: { id: string, name: string } | null, labels: Array<{ name: string, value: string }>, lastTest: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null };

export type EndpointsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: EndpointFilter | null | undefined;
}>;


export type EndpointsQuery = { endpoints: { totalCount: string | null, nodes: Array<{ id: string, name: string, kind: string, vendor: string, description: string, address: string | null, taskCount: number, createdAt: string, updatedAt: string, revision: number, options: Array<{ name: string, value: string }>, credential: { id: string, name: string } | null, labels: Array<{ name: string, value: string }>, lastTest: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EndpointQueryVariables = Exact<{
  id: string | number;
}>;


export type EndpointQuery = { endpoint: { id: string, name: string, kind: string, vendor: string, description: string, address: string | null, taskCount: number, createdAt: string, updatedAt: string, revision: number, learned: Array<{ name: string, value: string }>, usedBy: Array<{ kind: string, id: string, name: string }>, options: Array<{ name: string, value: string }>, credential: { id: string, name: string } | null, labels: Array<{ name: string, value: string }>, lastTest: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null } | null };

export type OptionPartsFragment = { name: string, type: OptionType, group: string, help: string, default: string | null, placeholder: string | null, choices: Array<string>, actions: Array<Action>, mayChange: boolean };

export type EndpointKindsQueryVariables = Exact<{ [key: string]: never; }>;


export type EndpointKindsQuery = { endpointKinds: Array<{ name: string, noun: string, hasServer: boolean, credentialKinds: Array<string>, options: Array<{ name: string, type: OptionType, group: string, help: string, default: string | null, placeholder: string | null, choices: Array<string>, actions: Array<Action>, mayChange: boolean }> }>, endpointTemplates: Array<{ name: string, title: string, kind: string, help: string, documentation: string | null, asks: Array<string>, options: Array<{ name: string, value: string }> }> };

export type BrowseQueryVariables = Exact<{
  input: BrowseInput;
  first: number;
  after?: string | null | undefined;
}>;


export type BrowseQuery = { browse: { path: string, endCursor: string | null, hasNextPage: boolean, entries: Array<{ kind: BrowseEntryKind, name: string, path: string, size: string | null, modifiedAt: string | null, storageClass: string | null }> } };

export type CreateEndpointMutationVariables = Exact<{
  input: CreateEndpointInput;
}>;


export type CreateEndpointMutation = { createEndpoint: { endpoint: { id: string, name: string, kind: string, vendor: string, description: string, address: string | null, taskCount: number, createdAt: string, updatedAt: string, revision: number, options: Array<{ name: string, value: string }>, credential: { id: string, name: string } | null, labels: Array<{ name: string, value: string }>, lastTest: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type UpdateEndpointMutationVariables = Exact<{
  input: UpdateEndpointInput;
}>;


export type UpdateEndpointMutation = { updateEndpoint: { endpoint: { id: string, name: string, kind: string, vendor: string, description: string, address: string | null, taskCount: number, createdAt: string, updatedAt: string, revision: number, options: Array<{ name: string, value: string }>, credential: { id: string, name: string } | null, labels: Array<{ name: string, value: string }>, lastTest: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type DeleteEndpointMutationVariables = Exact<{
  input: DeleteEndpointInput;
}>;


export type DeleteEndpointMutation = { deleteEndpoint: { deletedEndpointId: string | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type TestEndpointMutationVariables = Exact<{
  input: TestEndpointInput;
}>;


export type TestEndpointMutation = { testEndpoint: { test: { at: string, ok: boolean, milliseconds: number, identity: string | null, clockSkewMilliseconds: number | null, checks: Array<{ name: EndpointCheckName, state: EndpointCheckState, milliseconds: number | null, detail: string | null, error: string | null, advice: string | null, missingPermission: string | null, vendorCode: string | null, requestId: string | null }> } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type UserErrorFragment = { field: Array<string> | null, message: string, code: UserErrorCode };

export type HubQueryVariables = Exact<{ [key: string]: never; }>;


export type HubQuery = { hub: { version: string, startedAt: string, zone: string, state: { kind: StateKind, bytes: string }, host: { dataDirectory: string, stateFile: string } | null } };

export type SignedInFragment = { role: Role, user: { id: string, name: string, email: string, role: Role } | null };

export type UserRowFragment = { id: string, name: string, email: string, role: Role, isDisabled: boolean, createdAt: string, lastSignInAt: string | null, revision: string };

export type TokenRowFragment = { id: string, name: string, ownerName: string | null, scope: TokenScope, lastFour: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, lastUsedFrom: string | null };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { viewer: { role: Role, user: { id: string, name: string, email: string, role: Role } | null } | null, signInOptions: { needsSetup: boolean } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { user: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type CreateFirstAdministratorMutationVariables = Exact<{
  input: CreateFirstAdministratorInput;
}>;


export type CreateFirstAdministratorMutation = { createFirstAdministrator: { user: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type SetPasswordMutationVariables = Exact<{
  input: SetPasswordInput;
}>;


export type SetPasswordMutation = { setPassword: { user: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { user: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { sessions: Array<{ id: string, isCurrent: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, address: string, client: string }> };

export type EndSessionsMutationVariables = Exact<{
  input: EndSessionsInput;
}>;


export type EndSessionsMutation = { endSessions: { endedIds: Array<string> | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type UsersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type UsersQuery = { users: { nodes: Array<{ id: string, name: string, email: string, role: Role, isDisabled: boolean, createdAt: string, lastSignInAt: string | null, revision: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { setPasswordToken: string | null, user: { id: string, name: string, email: string, role: Role, isDisabled: boolean, createdAt: string, lastSignInAt: string | null, revision: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type UpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type UpdateUserMutation = { updateUser: { user: { id: string, name: string, email: string, role: Role, isDisabled: boolean, createdAt: string, lastSignInAt: string | null, revision: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type DeleteUserMutation = { deleteUser: { userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword: { setPasswordToken: string | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type TokensQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type TokensQuery = { apiTokens: { nodes: Array<{ id: string, name: string, ownerName: string | null, scope: TokenScope, lastFour: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, lastUsedFrom: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateTokenMutationVariables = Exact<{
  input: CreateApiTokenInput;
}>;


export type CreateTokenMutation = { createApiToken: { secret: string | null, apiToken: { id: string, name: string, ownerName: string | null, scope: TokenScope, lastFour: string, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, lastUsedFrom: string | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type RevokeTokenMutationVariables = Exact<{
  input: RevokeApiTokenInput;
}>;


export type RevokeTokenMutation = { revokeApiToken: { apiToken: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type OverviewNowFragment = { bytesPerSecond: number, itemsPerSecond: number, queueJobs: string, running: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null }>, nextRuns: Array<{ at: string, task: { id: string, name: string } }>, last24Hours: { runs: string, runsWithFailures: string, copied: string, failed: string, bytes: string } };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { overview: { bytesPerSecond: number, itemsPerSecond: number, queueJobs: string, running: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null }>, nextRuns: Array<{ at: string, task: { id: string, name: string } }>, last24Hours: { runs: string, runsWithFailures: string, copied: string, failed: string, bytes: string } } };

export type OverviewLiveSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type OverviewLiveSubscription = { overview: { bytesPerSecond: number, itemsPerSecond: number, queueJobs: string, running: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null }>, nextRuns: Array<{ at: string, task: { id: string, name: string } }>, last24Hours: { runs: string, runsWithFailures: string, copied: string, failed: string, bytes: string } } };

export type TaskPolicyQueryVariables = Exact<{
  id?: string | number | null | undefined;
  task?: TaskInput | null | undefined;
  side: Side;
}>;


export type TaskPolicyQuery = { taskPolicy: string };

export type RunRowFragment = { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null };

export type RunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: RunFilter | null | undefined;
}>;


export type RunsQuery = { runs: { totalCount: string | null, nodes: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ProgressFragment = { itemsPerSecond: number, bytesPerSecond: number, items: { listed: string, leftOut: string, selected: string, toDelete: string, copied: string, unchanged: string, skipped: string, matched: string, undetermined: string, deletedAtSource: string, failed: string, deleted: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState, items: string, pendingJobs: string, pendingItems: string }>, expected: { run: string, items: string, bytes: string } | null, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null };

export type RunQueryVariables = Exact<{
  id: string | number;
}>;


export type RunQuery = { run: { isBoundToProcess: boolean, id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, options: Array<{ name: string, value: string }>, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, progress: { itemsPerSecond: number, bytesPerSecond: number, items: { listed: string, leftOut: string, selected: string, toDelete: string, copied: string, unchanged: string, skipped: string, matched: string, undetermined: string, deletedAtSource: string, failed: string, deleted: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState, items: string, pendingJobs: string, pendingItems: string }>, expected: { run: string, items: string, bytes: string } | null, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null }, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null };

export type RunSeriesQueryVariables = Exact<{
  id: string | number;
  from?: string | null | undefined;
  points: number;
}>;


export type RunSeriesQuery = { run: { id: string, series: { from: string, step: string, points: Array<{ at: string, retries: string, failures: string, bytesPerSecond: number, itemsPerSecond: number }> } } | null };

export type FailuresQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
  filter?: FailureFilter | null | undefined;
}>;


export type FailuresQuery = { run: { id: string, failures: { totalCount: string | null, nodes: Array<{ key: string, versionId: string | null, size: string, code: FailureCode, reason: FailureReason | null, message: string, detail: string | null, attempts: number, at: string, step: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type FailureGroupsQueryVariables = Exact<{
  id: string | number;
}>;


export type FailureGroupsQuery = { run: { id: string, failureGroups: Array<{ code: FailureCode, reason: FailureReason | null, step: string | null, count: string, sampleKey: string, advice: string }> } | null };

export type PauseRunMutationVariables = Exact<{
  input: PauseRunInput;
}>;


export type PauseRunMutation = { pauseRun: { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ResumeRunMutationVariables = Exact<{
  input: ResumeRunInput;
}>;


export type ResumeRunMutation = { resumeRun: { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type CancelRunMutationVariables = Exact<{
  input: CancelRunInput;
}>;


export type CancelRunMutation = { cancelRun: { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type RetryRunMutationVariables = Exact<{
  input: RetryRunInput;
}>;


export type RetryRunMutation = { retryRun: { run: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type RunProgressSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type RunProgressSubscription = { runProgress: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, progress: { itemsPerSecond: number, bytesPerSecond: number, items: { listed: string, leftOut: string, selected: string, toDelete: string, copied: string, unchanged: string, skipped: string, matched: string, undetermined: string, deletedAtSource: string, failed: string, deleted: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState, items: string, pendingJobs: string, pendingItems: string }>, expected: { run: string, items: string, bytes: string } | null, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null }, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } };

export type SettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsQuery = { settings: Array<{ key: string, value: string | null, default: string | null, source: SettingSource, place: string | null, help: string, group: string, type: OptionType, isSecret: boolean }> };

export type SchedulePartsFragment = { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy };

export type PlacePartsFragment = { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null };

export type TaskRunFragment = { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null };

export type TaskRowFragment = { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null };

export type CountPartsFragment = { all: string, running: string, attention: string, paused: string, archived: string };

export type TasksQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TaskFilter | null | undefined;
  orderBy?: TaskOrder | null | undefined;
}>;


export type TasksQuery = { tasks: { totalCount: string | null, nodes: Array<{ id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TaskCountsQueryVariables = Exact<{ [key: string]: never; }>;


export type TaskCountsQuery = { taskCounts: { all: string, running: string, attention: string, paused: string, archived: string } };

export type TaskNamesQueryVariables = Exact<{
  first: number;
  text: string;
}>;


export type TaskNamesQuery = { tasks: { nodes: Array<{ id: string, name: string }> } };

export type TaskQueryVariables = Exact<{
  id: string | number;
}>;


export type TaskQuery = { task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null };

export type TaskDocumentQueryVariables = Exact<{
  id?: string | number | null | undefined;
  task?: TaskInput | null | undefined;
  format: DocumentFormat;
}>;


export type TaskDocumentQuery = { taskDocument: string };

export type SchedulePreviewQueryVariables = Exact<{
  schedule: ScheduleInput;
}>;


export type SchedulePreviewQuery = { schedulePreview: { preview: { times: Array<{ at: string, local: string }>, notes: Array<{ kind: ScheduleNoteKind, at: string | null, local: string | null }> } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type PluginsQueryVariables = Exact<{ [key: string]: never; }>;


export type PluginsQuery = { plugins: Array<{ kind: string, actions: Array<{ action: Action, help: string }>, options: Array<{ name: string, type: OptionType, group: string, help: string, default: string | null, placeholder: string | null, choices: Array<string>, actions: Array<Action>, mayChange: boolean }> }> };

export type CreateTaskMutationVariables = Exact<{
  input: CreateTaskInput;
}>;


export type CreateTaskMutation = { createTask: { task: { id: string, name: string } | null, run: { id: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type UpdateTaskMutationVariables = Exact<{
  input: UpdateTaskInput;
}>;


export type UpdateTaskMutation = { updateTask: { task: { id: string, name: string } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ValidateTaskMutationVariables = Exact<{
  input: ValidateTaskInput;
}>;


export type ValidateTaskMutation = { validateTask: { warnings: Array<string>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ResultPartsFragment = { id: string, task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null, run: { id: string } | null, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null };

export type RunTasksMutationVariables = Exact<{
  input: RunTasksInput;
}>;


export type RunTasksMutation = { runTasks: { results: Array<{ id: string, task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null, run: { id: string } | null, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type PauseTasksMutationVariables = Exact<{
  input: TaskIdsInput;
}>;


export type PauseTasksMutation = { pauseTasks: { results: Array<{ id: string, task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null, run: { id: string } | null, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ResumeTasksMutationVariables = Exact<{
  input: TaskIdsInput;
}>;


export type ResumeTasksMutation = { resumeTasks: { results: Array<{ id: string, task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null, run: { id: string } | null, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type ArchiveTasksMutationVariables = Exact<{
  input: TaskIdsInput;
}>;


export type ArchiveTasksMutation = { archiveTasks: { results: Array<{ id: string, task: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } | null, run: { id: string } | null, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type DeleteTasksMutationVariables = Exact<{
  input: TaskIdsInput;
}>;


export type DeleteTasksMutation = { deleteTasks: { results: Array<{ id: string, error: { field: Array<string> | null, message: string, code: UserErrorCode } | null }>, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export type TasksChangedSubscriptionVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type TasksChangedSubscription = { tasksChanged: { id: string, name: string, description: string, kind: string, action: Action, nextRunAt: string | null, state: TaskState, activity: TaskActivity, runCount: number, createdAt: string, createdBy: string, updatedAt: string, updatedBy: string, revision: number, pausedBy: string | null, pausedAt: string | null, labels: Array<{ name: string, value: string }>, source: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, destination: { path: string, url: string, endpoint: { id: string, name: string, kind: string, address: string | null } | null }, options: Array<{ name: string, value: string }>, schedule: { kind: ScheduleKind, at: string | null, everyCount: number | null, everyUnit: ScheduleUnit | null, anchor: string | null, cron: string | null, zone: string, overlap: OverlapPolicy, missed: MissedPolicy }, currentRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, progress: { bytesPerSecond: number, itemsPerSecond: number, items: { selected: string, toDelete: string, pending: string }, phases: Array<{ phase: Phase, state: PhaseState }>, timeLeft: { kind: TimeLeftKind, low: string, high: string } | null, expected: { items: string } | null }, deletions: { count: string, destinationCount: string, countedAt: string, decision: DeletionDecision | null, decidedBy: string | null, decidedAt: string | null, sampleKeys: Array<string> } | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null, lastRun: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, number: number | null, trigger: RunTrigger, triggeredBy: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }>, task: { id: string, name: string } | null } | null } };

export type TaskListChangedSubscriptionVariables = Exact<{
  filter?: TaskFilter | null | undefined;
}>;


export type TaskListChangedSubscription = { taskListChanged: { counts: { all: string, running: string, attention: string, paused: string, archived: string } } };

export type WorkerRowFragment = { id: string, name: string, state: WorkerState, version: string, versionMatches: boolean, labels: Array<string>, takesAnyRun: boolean, startedAt: string, lastSeenAt: string, jobs: string, embedded: boolean };

export type WorkersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type WorkersQuery = { workers: { totalCount: string | null, nodes: Array<{ id: string, name: string, state: WorkerState, version: string, versionMatches: boolean, labels: Array<string>, takesAnyRun: boolean, startedAt: string, lastSeenAt: string, jobs: string, embedded: boolean }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DrainWorkerMutationVariables = Exact<{
  input: DrainWorkerInput;
}>;


export type DrainWorkerMutation = { drainWorker: { worker: { id: string, name: string, state: WorkerState, version: string, versionMatches: boolean, labels: Array<string>, takesAnyRun: boolean, startedAt: string, lastSeenAt: string, jobs: string, embedded: boolean } | null, userErrors: Array<{ field: Array<string> | null, message: string, code: UserErrorCode }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CredentialRowFragmentDoc = new TypedDocumentString(`
    fragment CredentialRow on Credential {
  id
  name
  kind
  options {
    name
    value
  }
  base {
    id
    name
  }
  createdAt
  rotatedAt
  lastUsedAt
  expiresAt
  usedBy {
    kind
    id
    name
  }
  revision
}
    `, {"fragmentName":"CredentialRow"}) as unknown as TypedDocumentString<CredentialRowFragment, unknown>;
export const TestPartsFragmentDoc = new TypedDocumentString(`
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
    `, {"fragmentName":"TestParts"}) as unknown as TypedDocumentString<TestPartsFragment, unknown>;
export const EndpointRowFragmentDoc = new TypedDocumentString(`
    fragment EndpointRow on Endpoint {
  id
  name
  kind
  vendor
  description
  options {
    name
    value
  }
  address
  credential {
    id
    name
  }
  labels {
    name
    value
  }
  lastTest {
    ...TestParts
  }
  taskCount
  createdAt
  updatedAt
  revision
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}`, {"fragmentName":"EndpointRow"}) as unknown as TypedDocumentString<EndpointRowFragment, unknown>;
export const OptionPartsFragmentDoc = new TypedDocumentString(`
    fragment OptionParts on PluginOption {
  name
  type
  group
  help
  default
  placeholder
  choices
  actions
  mayChange
}
    `, {"fragmentName":"OptionParts"}) as unknown as TypedDocumentString<OptionPartsFragment, unknown>;
export const SignedInFragmentDoc = new TypedDocumentString(`
    fragment SignedIn on Viewer {
  role
  user {
    id
    name
    email
    role
  }
}
    `, {"fragmentName":"SignedIn"}) as unknown as TypedDocumentString<SignedInFragment, unknown>;
export const UserRowFragmentDoc = new TypedDocumentString(`
    fragment UserRow on User {
  id
  name
  email
  role
  isDisabled
  createdAt
  lastSignInAt
  revision
}
    `, {"fragmentName":"UserRow"}) as unknown as TypedDocumentString<UserRowFragment, unknown>;
export const TokenRowFragmentDoc = new TypedDocumentString(`
    fragment TokenRow on ApiToken {
  id
  name
  ownerName
  scope
  lastFour
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
}
    `, {"fragmentName":"TokenRow"}) as unknown as TypedDocumentString<TokenRowFragment, unknown>;
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const OverviewNowFragmentDoc = new TypedDocumentString(`
    fragment OverviewNow on Overview {
  running {
    ...RunRow
  }
  bytesPerSecond
  itemsPerSecond
  queueJobs
  nextRuns {
    at
    task {
      id
      name
    }
  }
  last24Hours {
    runs
    runsWithFailures
    copied
    failed
    bytes
  }
}
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`, {"fragmentName":"OverviewNow"}) as unknown as TypedDocumentString<OverviewNowFragment, unknown>;
export const ProgressFragmentDoc = new TypedDocumentString(`
    fragment Progress on RunProgress {
  items {
    listed
    leftOut
    selected
    toDelete
    copied
    unchanged
    skipped
    matched
    undetermined
    deletedAtSource
    failed
    deleted
    pending
  }
  phases {
    phase
    state
    items
    pendingJobs
    pendingItems
  }
  expected {
    run
    items
    bytes
  }
  itemsPerSecond
  bytesPerSecond
  timeLeft {
    kind
    low
    high
  }
}
    `, {"fragmentName":"Progress"}) as unknown as TypedDocumentString<ProgressFragment, unknown>;
export const CountPartsFragmentDoc = new TypedDocumentString(`
    fragment CountParts on TaskCounts {
  all
  running
  attention
  paused
  archived
}
    `, {"fragmentName":"CountParts"}) as unknown as TypedDocumentString<CountPartsFragment, unknown>;
export const PlacePartsFragmentDoc = new TypedDocumentString(`
    fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
    `, {"fragmentName":"PlaceParts"}) as unknown as TypedDocumentString<PlacePartsFragment, unknown>;
export const SchedulePartsFragmentDoc = new TypedDocumentString(`
    fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
    `, {"fragmentName":"ScheduleParts"}) as unknown as TypedDocumentString<SchedulePartsFragment, unknown>;
export const DeletionPartsFragmentDoc = new TypedDocumentString(`
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
    `, {"fragmentName":"DeletionParts"}) as unknown as TypedDocumentString<DeletionPartsFragment, unknown>;
export const TaskRunFragmentDoc = new TypedDocumentString(`
    fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`, {"fragmentName":"TaskRun"}) as unknown as TypedDocumentString<TaskRunFragment, unknown>;
export const TaskRowFragmentDoc = new TypedDocumentString(`
    fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}`, {"fragmentName":"TaskRow"}) as unknown as TypedDocumentString<TaskRowFragment, unknown>;
export const UserErrorFragmentDoc = new TypedDocumentString(`
    fragment UserError on UserError {
  field
  message
  code
}
    `, {"fragmentName":"UserError"}) as unknown as TypedDocumentString<UserErrorFragment, unknown>;
export const ResultPartsFragmentDoc = new TypedDocumentString(`
    fragment ResultParts on TaskResult {
  id
  task {
    ...TaskRow
  }
  run {
    id
  }
  error {
    ...UserError
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}`, {"fragmentName":"ResultParts"}) as unknown as TypedDocumentString<ResultPartsFragment, unknown>;
export const WorkerRowFragmentDoc = new TypedDocumentString(`
    fragment WorkerRow on Worker {
  id
  name
  state
  version
  versionMatches
  labels
  takesAnyRun
  startedAt
  lastSeenAt
  jobs
  embedded
}
    `, {"fragmentName":"WorkerRow"}) as unknown as TypedDocumentString<WorkerRowFragment, unknown>;
export const ApproveDeletionsDocument = new TypedDocumentString(`
    mutation ApproveDeletions($input: ApproveDeletionsInput!) {
  approveDeletions(input: $input) {
    run {
      ...RunRow
      deletions {
        ...DeletionParts
      }
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<ApproveDeletionsMutation, ApproveDeletionsMutationVariables>;
export const RejectDeletionsDocument = new TypedDocumentString(`
    mutation RejectDeletions($input: RejectDeletionsInput!) {
  rejectDeletions(input: $input) {
    run {
      ...RunRow
      deletions {
        ...DeletionParts
      }
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<RejectDeletionsMutation, RejectDeletionsMutationVariables>;
export const AuditEventsDocument = new TypedDocumentString(`
    query AuditEvents($first: Int!, $after: String, $filter: AuditFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      at
      actorKind
      actorId
      actorName
      address
      action
      targetKind
      targetId
      targetName
      outcome
      changes {
        field
        before
        after
      }
      requestId
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
export const CredentialsDocument = new TypedDocumentString(`
    query Credentials($first: Int!, $after: String) {
  credentials(first: $first, after: $after) {
    nodes {
      ...CredentialRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment CredentialRow on Credential {
  id
  name
  kind
  options {
    name
    value
  }
  base {
    id
    name
  }
  createdAt
  rotatedAt
  lastUsedAt
  expiresAt
  usedBy {
    kind
    id
    name
  }
  revision
}`) as unknown as TypedDocumentString<CredentialsQuery, CredentialsQueryVariables>;
export const CredentialKindsDocument = new TypedDocumentString(`
    query CredentialKinds {
  credentialKinds {
    name
    help
    needsBase
    options {
      name
      help
      placeholder
      isRequired
    }
    secrets {
      name
      help
      placeholder
      isRequired
    }
  }
}
    `) as unknown as TypedDocumentString<CredentialKindsQuery, CredentialKindsQueryVariables>;
export const CreateCredentialDocument = new TypedDocumentString(`
    mutation CreateCredential($input: CreateCredentialInput!) {
  createCredential(input: $input) {
    credential {
      ...CredentialRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment CredentialRow on Credential {
  id
  name
  kind
  options {
    name
    value
  }
  base {
    id
    name
  }
  createdAt
  rotatedAt
  lastUsedAt
  expiresAt
  usedBy {
    kind
    id
    name
  }
  revision
}
fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<CreateCredentialMutation, CreateCredentialMutationVariables>;
export const RotateCredentialDocument = new TypedDocumentString(`
    mutation RotateCredential($input: RotateCredentialInput!) {
  rotateCredential(input: $input) {
    credential {
      ...CredentialRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment CredentialRow on Credential {
  id
  name
  kind
  options {
    name
    value
  }
  base {
    id
    name
  }
  createdAt
  rotatedAt
  lastUsedAt
  expiresAt
  usedBy {
    kind
    id
    name
  }
  revision
}
fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<RotateCredentialMutation, RotateCredentialMutationVariables>;
export const DeleteCredentialDocument = new TypedDocumentString(`
    mutation DeleteCredential($input: DeleteCredentialInput!) {
  deleteCredential(input: $input) {
    deletedCredentialId
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<DeleteCredentialMutation, DeleteCredentialMutationVariables>;
export const EndpointsDocument = new TypedDocumentString(`
    query Endpoints($first: Int!, $after: String, $filter: EndpointFilter) {
  endpoints(first: $first, after: $after, filter: $filter) {
    nodes {
      ...EndpointRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
fragment EndpointRow on Endpoint {
  id
  name
  kind
  vendor
  description
  options {
    name
    value
  }
  address
  credential {
    id
    name
  }
  labels {
    name
    value
  }
  lastTest {
    ...TestParts
  }
  taskCount
  createdAt
  updatedAt
  revision
}`) as unknown as TypedDocumentString<EndpointsQuery, EndpointsQueryVariables>;
export const EndpointDocument = new TypedDocumentString(`
    query Endpoint($id: ID!) {
  endpoint(id: $id) {
    ...EndpointRow
    learned {
      name
      value
    }
    usedBy {
      kind
      id
      name
    }
  }
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
fragment EndpointRow on Endpoint {
  id
  name
  kind
  vendor
  description
  options {
    name
    value
  }
  address
  credential {
    id
    name
  }
  labels {
    name
    value
  }
  lastTest {
    ...TestParts
  }
  taskCount
  createdAt
  updatedAt
  revision
}`) as unknown as TypedDocumentString<EndpointQuery, EndpointQueryVariables>;
export const EndpointKindsDocument = new TypedDocumentString(`
    query EndpointKinds {
  endpointKinds {
    name
    noun
    hasServer
    credentialKinds
    options {
      ...OptionParts
    }
  }
  endpointTemplates {
    name
    title
    kind
    options {
      name
      value
    }
    help
    documentation
    asks
  }
}
    fragment OptionParts on PluginOption {
  name
  type
  group
  help
  default
  placeholder
  choices
  actions
  mayChange
}`) as unknown as TypedDocumentString<EndpointKindsQuery, EndpointKindsQueryVariables>;
export const BrowseDocument = new TypedDocumentString(`
    query Browse($input: BrowseInput!, $first: Int!, $after: String) {
  browse(input: $input, first: $first, after: $after) {
    path
    entries {
      kind
      name
      path
      size
      modifiedAt
      storageClass
    }
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<BrowseQuery, BrowseQueryVariables>;
export const CreateEndpointDocument = new TypedDocumentString(`
    mutation CreateEndpoint($input: CreateEndpointInput!) {
  createEndpoint(input: $input) {
    endpoint {
      ...EndpointRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
fragment EndpointRow on Endpoint {
  id
  name
  kind
  vendor
  description
  options {
    name
    value
  }
  address
  credential {
    id
    name
  }
  labels {
    name
    value
  }
  lastTest {
    ...TestParts
  }
  taskCount
  createdAt
  updatedAt
  revision
}
fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<CreateEndpointMutation, CreateEndpointMutationVariables>;
export const UpdateEndpointDocument = new TypedDocumentString(`
    mutation UpdateEndpoint($input: UpdateEndpointInput!) {
  updateEndpoint(input: $input) {
    endpoint {
      ...EndpointRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
fragment EndpointRow on Endpoint {
  id
  name
  kind
  vendor
  description
  options {
    name
    value
  }
  address
  credential {
    id
    name
  }
  labels {
    name
    value
  }
  lastTest {
    ...TestParts
  }
  taskCount
  createdAt
  updatedAt
  revision
}
fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<UpdateEndpointMutation, UpdateEndpointMutationVariables>;
export const DeleteEndpointDocument = new TypedDocumentString(`
    mutation DeleteEndpoint($input: DeleteEndpointInput!) {
  deleteEndpoint(input: $input) {
    deletedEndpointId
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<DeleteEndpointMutation, DeleteEndpointMutationVariables>;
export const TestEndpointDocument = new TypedDocumentString(`
    mutation TestEndpoint($input: TestEndpointInput!) {
  testEndpoint(input: $input) {
    test {
      ...TestParts
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment TestParts on EndpointTest {
  at
  ok
  milliseconds
  identity
  clockSkewMilliseconds
  checks {
    name
    state
    milliseconds
    detail
    error
    advice
    missingPermission
    vendorCode
    requestId
  }
}
fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<TestEndpointMutation, TestEndpointMutationVariables>;
export const HubDocument = new TypedDocumentString(`
    query Hub {
  hub {
    version
    startedAt
    zone
    state {
      kind
      bytes
    }
    host {
      dataDirectory
      stateFile
    }
  }
}
    `) as unknown as TypedDocumentString<HubQuery, HubQueryVariables>;
export const SessionDocument = new TypedDocumentString(`
    query Session {
  viewer {
    ...SignedIn
  }
  signInOptions {
    needsSetup
  }
}
    fragment SignedIn on Viewer {
  role
  user {
    id
    name
    email
    role
  }
}`) as unknown as TypedDocumentString<SessionQuery, SessionQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    user {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  signOut {
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const CreateFirstAdministratorDocument = new TypedDocumentString(`
    mutation CreateFirstAdministrator($input: CreateFirstAdministratorInput!) {
  createFirstAdministrator(input: $input) {
    user {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<CreateFirstAdministratorMutation, CreateFirstAdministratorMutationVariables>;
export const SetPasswordDocument = new TypedDocumentString(`
    mutation SetPassword($input: SetPasswordInput!) {
  setPassword(input: $input) {
    user {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<SetPasswordMutation, SetPasswordMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    user {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  sessions {
    id
    isCurrent
    createdAt
    lastUsedAt
    expiresAt
    address
    client
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const EndSessionsDocument = new TypedDocumentString(`
    mutation EndSessions($input: EndSessionsInput!) {
  endSessions(input: $input) {
    endedIds
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<EndSessionsMutation, EndSessionsMutationVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int!, $after: String) {
  users(first: $first, after: $after) {
    nodes {
      ...UserRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment UserRow on User {
  id
  name
  email
  role
  isDisabled
  createdAt
  lastSignInAt
  revision
}`) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      ...UserRow
    }
    setPasswordToken
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment UserRow on User {
  id
  name
  email
  role
  isDisabled
  createdAt
  lastSignInAt
  revision
}`) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const UpdateUserDocument = new TypedDocumentString(`
    mutation UpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      ...UserRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment UserRow on User {
  id
  name
  email
  role
  isDisabled
  createdAt
  lastSignInAt
  revision
}`) as unknown as TypedDocumentString<UpdateUserMutation, UpdateUserMutationVariables>;
export const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    setPasswordToken
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const TokensDocument = new TypedDocumentString(`
    query Tokens($first: Int!, $after: String) {
  apiTokens(first: $first, after: $after) {
    nodes {
      ...TokenRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment TokenRow on ApiToken {
  id
  name
  ownerName
  scope
  lastFour
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
}`) as unknown as TypedDocumentString<TokensQuery, TokensQueryVariables>;
export const CreateTokenDocument = new TypedDocumentString(`
    mutation CreateToken($input: CreateApiTokenInput!) {
  createApiToken(input: $input) {
    apiToken {
      ...TokenRow
    }
    secret
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment TokenRow on ApiToken {
  id
  name
  ownerName
  scope
  lastFour
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
}`) as unknown as TypedDocumentString<CreateTokenMutation, CreateTokenMutationVariables>;
export const RevokeTokenDocument = new TypedDocumentString(`
    mutation RevokeToken($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) {
    apiToken {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<RevokeTokenMutation, RevokeTokenMutationVariables>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview {
  overview {
    ...OverviewNow
  }
}
    fragment OverviewNow on Overview {
  running {
    ...RunRow
  }
  bytesPerSecond
  itemsPerSecond
  queueJobs
  nextRuns {
    at
    task {
      id
      name
    }
  }
  last24Hours {
    runs
    runsWithFailures
    copied
    failed
    bytes
  }
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const OverviewLiveDocument = new TypedDocumentString(`
    subscription OverviewLive {
  overview {
    ...OverviewNow
  }
}
    fragment OverviewNow on Overview {
  running {
    ...RunRow
  }
  bytesPerSecond
  itemsPerSecond
  queueJobs
  nextRuns {
    at
    task {
      id
      name
    }
  }
  last24Hours {
    runs
    runsWithFailures
    copied
    failed
    bytes
  }
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<OverviewLiveSubscription, OverviewLiveSubscriptionVariables>;
export const TaskPolicyDocument = new TypedDocumentString(`
    query TaskPolicy($id: ID, $task: TaskInput, $side: Side!) {
  taskPolicy(id: $id, task: $task, side: $side)
}
    `) as unknown as TypedDocumentString<TaskPolicyQuery, TaskPolicyQueryVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($first: Int!, $after: String, $filter: RunFilter) {
  runs(first: $first, after: $after, filter: $filter) {
    nodes {
      ...RunRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const RunDocument = new TypedDocumentString(`
    query Run($id: ID!) {
  run(id: $id) {
    ...RunRow
    options {
      name
      value
    }
    isBoundToProcess
    deletions {
      ...DeletionParts
    }
    progress {
      ...Progress
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment Progress on RunProgress {
  items {
    listed
    leftOut
    selected
    toDelete
    copied
    unchanged
    skipped
    matched
    undetermined
    deletedAtSource
    failed
    deleted
    pending
  }
  phases {
    phase
    state
    items
    pendingJobs
    pendingItems
  }
  expected {
    run
    items
    bytes
  }
  itemsPerSecond
  bytesPerSecond
  timeLeft {
    kind
    low
    high
  }
}`) as unknown as TypedDocumentString<RunQuery, RunQueryVariables>;
export const RunSeriesDocument = new TypedDocumentString(`
    query RunSeries($id: ID!, $from: DateTime, $points: Int!) {
  run(id: $id) {
    id
    series(from: $from, points: $points) {
      from
      step
      points {
        at
        retries
        failures
        bytesPerSecond
        itemsPerSecond
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunSeriesQuery, RunSeriesQueryVariables>;
export const FailuresDocument = new TypedDocumentString(`
    query Failures($id: ID!, $first: Int!, $after: String, $filter: FailureFilter) {
  run(id: $id) {
    id
    failures(first: $first, after: $after, filter: $filter) {
      nodes {
        key
        versionId
        size
        code
        reason
        message
        detail
        attempts
        at
        step
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}
    `) as unknown as TypedDocumentString<FailuresQuery, FailuresQueryVariables>;
export const FailureGroupsDocument = new TypedDocumentString(`
    query FailureGroups($id: ID!) {
  run(id: $id) {
    id
    failureGroups {
      code
      reason
      step
      count
      sampleKey
      advice
    }
  }
}
    `) as unknown as TypedDocumentString<FailureGroupsQuery, FailureGroupsQueryVariables>;
export const PauseRunDocument = new TypedDocumentString(`
    mutation PauseRun($input: PauseRunInput!) {
  pauseRun(input: $input) {
    run {
      ...RunRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<PauseRunMutation, PauseRunMutationVariables>;
export const ResumeRunDocument = new TypedDocumentString(`
    mutation ResumeRun($input: ResumeRunInput!) {
  resumeRun(input: $input) {
    run {
      ...RunRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<ResumeRunMutation, ResumeRunMutationVariables>;
export const CancelRunDocument = new TypedDocumentString(`
    mutation CancelRun($input: CancelRunInput!) {
  cancelRun(input: $input) {
    run {
      ...RunRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}`) as unknown as TypedDocumentString<CancelRunMutation, CancelRunMutationVariables>;
export const RetryRunDocument = new TypedDocumentString(`
    mutation RetryRun($input: RetryRunInput!) {
  retryRun(input: $input) {
    run {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<RetryRunMutation, RetryRunMutationVariables>;
export const RunProgressDocument = new TypedDocumentString(`
    subscription RunProgress($id: ID!) {
  runProgress(id: $id) {
    ...RunRow
    deletions {
      ...DeletionParts
    }
    progress {
      ...Progress
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment Progress on RunProgress {
  items {
    listed
    leftOut
    selected
    toDelete
    copied
    unchanged
    skipped
    matched
    undetermined
    deletedAtSource
    failed
    deleted
    pending
  }
  phases {
    phase
    state
    items
    pendingJobs
    pendingItems
  }
  expected {
    run
    items
    bytes
  }
  itemsPerSecond
  bytesPerSecond
  timeLeft {
    kind
    low
    high
  }
}`) as unknown as TypedDocumentString<RunProgressSubscription, RunProgressSubscriptionVariables>;
export const SettingsDocument = new TypedDocumentString(`
    query Settings {
  settings {
    key
    value
    default
    source
    place
    help
    group
    type
    isSecret
  }
}
    `) as unknown as TypedDocumentString<SettingsQuery, SettingsQueryVariables>;
export const TasksDocument = new TypedDocumentString(`
    query Tasks($first: Int!, $after: String, $filter: TaskFilter, $orderBy: TaskOrder) {
  tasks(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes {
      ...TaskRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}`) as unknown as TypedDocumentString<TasksQuery, TasksQueryVariables>;
export const TaskCountsDocument = new TypedDocumentString(`
    query TaskCounts {
  taskCounts {
    ...CountParts
  }
}
    fragment CountParts on TaskCounts {
  all
  running
  attention
  paused
  archived
}`) as unknown as TypedDocumentString<TaskCountsQuery, TaskCountsQueryVariables>;
export const TaskNamesDocument = new TypedDocumentString(`
    query TaskNames($first: Int!, $text: String!) {
  tasks(first: $first, filter: {text: $text}) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<TaskNamesQuery, TaskNamesQueryVariables>;
export const TaskDocument = new TypedDocumentString(`
    query Task($id: ID!) {
  task(id: $id) {
    ...TaskRow
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}`) as unknown as TypedDocumentString<TaskQuery, TaskQueryVariables>;
export const TaskDocumentDocument = new TypedDocumentString(`
    query TaskDocument($id: ID, $task: TaskInput, $format: DocumentFormat!) {
  taskDocument(id: $id, task: $task, format: $format)
}
    `) as unknown as TypedDocumentString<TaskDocumentQuery, TaskDocumentQueryVariables>;
export const SchedulePreviewDocument = new TypedDocumentString(`
    query SchedulePreview($schedule: ScheduleInput!) {
  schedulePreview(schedule: $schedule, count: 5) {
    preview {
      times {
        at
        local
      }
      notes {
        kind
        at
        local
      }
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<SchedulePreviewQuery, SchedulePreviewQueryVariables>;
export const PluginsDocument = new TypedDocumentString(`
    query Plugins {
  plugins {
    kind
    actions {
      action
      help
    }
    options {
      ...OptionParts
    }
  }
}
    fragment OptionParts on PluginOption {
  name
  type
  group
  help
  default
  placeholder
  choices
  actions
  mayChange
}`) as unknown as TypedDocumentString<PluginsQuery, PluginsQueryVariables>;
export const CreateTaskDocument = new TypedDocumentString(`
    mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    task {
      id
      name
    }
    run {
      id
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<CreateTaskMutation, CreateTaskMutationVariables>;
export const UpdateTaskDocument = new TypedDocumentString(`
    mutation UpdateTask($input: UpdateTaskInput!) {
  updateTask(input: $input) {
    task {
      id
      name
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<UpdateTaskMutation, UpdateTaskMutationVariables>;
export const ValidateTaskDocument = new TypedDocumentString(`
    mutation ValidateTask($input: ValidateTaskInput!) {
  validateTask(input: $input) {
    warnings
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<ValidateTaskMutation, ValidateTaskMutationVariables>;
export const RunTasksDocument = new TypedDocumentString(`
    mutation RunTasks($input: RunTasksInput!) {
  runTasks(input: $input) {
    results {
      ...ResultParts
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}
fragment ResultParts on TaskResult {
  id
  task {
    ...TaskRow
  }
  run {
    id
  }
  error {
    ...UserError
  }
}`) as unknown as TypedDocumentString<RunTasksMutation, RunTasksMutationVariables>;
export const PauseTasksDocument = new TypedDocumentString(`
    mutation PauseTasks($input: TaskIdsInput!) {
  pauseTasks(input: $input) {
    results {
      ...ResultParts
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}
fragment ResultParts on TaskResult {
  id
  task {
    ...TaskRow
  }
  run {
    id
  }
  error {
    ...UserError
  }
}`) as unknown as TypedDocumentString<PauseTasksMutation, PauseTasksMutationVariables>;
export const ResumeTasksDocument = new TypedDocumentString(`
    mutation ResumeTasks($input: TaskIdsInput!) {
  resumeTasks(input: $input) {
    results {
      ...ResultParts
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}
fragment ResultParts on TaskResult {
  id
  task {
    ...TaskRow
  }
  run {
    id
  }
  error {
    ...UserError
  }
}`) as unknown as TypedDocumentString<ResumeTasksMutation, ResumeTasksMutationVariables>;
export const ArchiveTasksDocument = new TypedDocumentString(`
    mutation ArchiveTasks($input: TaskIdsInput!) {
  archiveTasks(input: $input) {
    results {
      ...ResultParts
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment UserError on UserError {
  field
  message
  code
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}
fragment ResultParts on TaskResult {
  id
  task {
    ...TaskRow
  }
  run {
    id
  }
  error {
    ...UserError
  }
}`) as unknown as TypedDocumentString<ArchiveTasksMutation, ArchiveTasksMutationVariables>;
export const DeleteTasksDocument = new TypedDocumentString(`
    mutation DeleteTasks($input: TaskIdsInput!) {
  deleteTasks(input: $input) {
    results {
      id
      error {
        ...UserError
      }
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}`) as unknown as TypedDocumentString<DeleteTasksMutation, DeleteTasksMutationVariables>;
export const TasksChangedDocument = new TypedDocumentString(`
    subscription TasksChanged($ids: [ID!]!) {
  tasksChanged(ids: $ids) {
    ...TaskRow
  }
}
    fragment DeletionParts on PlannedDeletions {
  count
  destinationCount
  countedAt
  decision
  decidedBy
  decidedAt
  sampleKeys
}
fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
  number
  trigger
  triggeredBy
  task {
    id
    name
  }
}
fragment ScheduleParts on Schedule {
  kind
  at
  everyCount
  everyUnit
  anchor
  cron
  zone
  overlap
  missed
}
fragment PlaceParts on TaskLocation {
  path
  url
  endpoint {
    id
    name
    kind
    address
  }
}
fragment TaskRun on Run {
  ...RunRow
  progress {
    items {
      selected
      toDelete
      pending
    }
    bytesPerSecond
    itemsPerSecond
    phases {
      phase
      state
    }
    timeLeft {
      kind
      low
      high
    }
    expected {
      items
    }
  }
  deletions {
    ...DeletionParts
  }
}
fragment TaskRow on Task {
  id
  name
  description
  labels {
    name
    value
  }
  kind
  action
  source {
    ...PlaceParts
  }
  destination {
    ...PlaceParts
  }
  options {
    name
    value
  }
  schedule {
    ...ScheduleParts
  }
  nextRunAt
  state
  activity
  currentRun {
    ...TaskRun
  }
  lastRun {
    ...RunRow
  }
  runCount
  createdAt
  createdBy
  updatedAt
  updatedBy
  revision
  pausedBy
  pausedAt
}`) as unknown as TypedDocumentString<TasksChangedSubscription, TasksChangedSubscriptionVariables>;
export const TaskListChangedDocument = new TypedDocumentString(`
    subscription TaskListChanged($filter: TaskFilter) {
  taskListChanged(filter: $filter) {
    counts {
      ...CountParts
    }
  }
}
    fragment CountParts on TaskCounts {
  all
  running
  attention
  paused
  archived
}`) as unknown as TypedDocumentString<TaskListChangedSubscription, TaskListChangedSubscriptionVariables>;
export const WorkersDocument = new TypedDocumentString(`
    query Workers($first: Int!, $after: String) {
  workers(first: $first, after: $after) {
    nodes {
      ...WorkerRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment WorkerRow on Worker {
  id
  name
  state
  version
  versionMatches
  labels
  takesAnyRun
  startedAt
  lastSeenAt
  jobs
  embedded
}`) as unknown as TypedDocumentString<WorkersQuery, WorkersQueryVariables>;
export const DrainWorkerDocument = new TypedDocumentString(`
    mutation DrainWorker($input: DrainWorkerInput!) {
  drainWorker(input: $input) {
    worker {
      ...WorkerRow
    }
    userErrors {
      ...UserError
    }
  }
}
    fragment UserError on UserError {
  field
  message
  code
}
fragment WorkerRow on Worker {
  id
  name
  state
  version
  versionMatches
  labels
  takesAnyRun
  startedAt
  lastSeenAt
  jobs
  embedded
}`) as unknown as TypedDocumentString<DrainWorkerMutation, DrainWorkerMutationVariables>;