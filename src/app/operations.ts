// What can be asked of a running Crossdock beyond reading its tables? The API and the CLI call these; the wiring in
// app.ts implements them. Every operation names its actor for the audit log.

import type { ChannelReport, PlannedRequest } from '../channels/channel.ts';
import type { Choice, ChoiceKind, DocumentDraft, ErpField, ErpReport } from '../erp/erp.ts';
import type { FieldRule } from '../flows/orders/mapping-fields.ts';
import type { MappingVersion } from '../mapping/versions.ts';
import type { Amounts } from './amounts.ts';
import type { AlertOperations } from './operations/alerts.ts';
import type { EditOperations } from './operations/edits.ts';
import type { ProblemOperations } from './operations/problems.ts';
import type { SettlementProofOperations } from './operations/settlement-proofs.ts';
import type { SettlementOperations } from './operations/settlements.ts';
import type { PracticeFacts } from './practice.ts';

/** Where one value of a planned request came from, in words for its reader. */
export interface Origin {
  readonly kind: 'rule' | 'setting' | 'lookup' | 'override' | 'document' | 'account';
  /** A sentence: “Amazon's ITEM amount of order item 1234”. */
  readonly words: string;
  /** The place to change it, when there is one: `setting:location`, `lookup:item-alias/AB-1`, `override:12`. */
  readonly place?: string;
}

/** The answer to “what would be sent, and why?” – a dry run. */
export interface DryRun {
  readonly channelOrderId: string;
  readonly decision: 'create' | 'adopt' | 'cancel' | 'update' | 'nothing' | 'skip' | 'park';
  /** Why, in a sentence, when it is not simply `create`. */
  readonly reason?: string;
  readonly draft?: DocumentDraft;
  readonly request?: PlannedRequest;
  /** Request path (`item.items[0].rate`) → origin. */
  readonly origins: Readonly<Record<string, Origin>>;
  readonly arithmetic: Arithmetic | undefined;
  /** The amounts line by line, at the marketplace and in the document; absent when the order cannot be read. */
  readonly amounts?: Amounts;
  readonly problem?: PlainProblem;
}

/** How the lines add up to the marketplace's total, each figure as decimal text. */
export interface Arithmetic {
  readonly currency: string;
  readonly lines: readonly { readonly label: string; readonly amount: string }[];
  readonly sum: string;
  readonly marketplaceTotal: string;
  /** Tax that the marketplace keeps: part of its total, not of the document. */
  readonly marketplaceTax: string;
  readonly difference: string;
}

export interface RemoteDocument {
  readonly readAt: Date;
  readonly status: string;
  readonly number: string | null;
  readonly currency: string;
  /** Decimal text. */
  readonly total: string;
  readonly lines: readonly {
    readonly line: number;
    readonly key: string | null;
    readonly itemId: string;
    readonly item: string | null;
    readonly quantity: number;
    readonly quantityFulfilled: number;
    readonly closed: boolean;
    readonly amount: string;
  }[];
}

export interface PlainProblem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly nextSteps: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface RecordFilter {
  readonly ids?: readonly string[];
  readonly flowId?: string;
  readonly state?: string;
  readonly problemId?: string;
}

export interface ConnectionInput {
  readonly id: string;
  readonly connector: string;
  readonly title: string;
  readonly settings: unknown;
  /** Absent when editing: the stored ones stay. */
  readonly secrets?: unknown;
  /** An account of the demo world or of practice; set when the connection is made. */
  readonly demo?: boolean;
}

export type CheckOutcome =
  | { readonly ok: true; readonly report: ErpReport | ChannelReport }
  | { readonly ok: false; readonly problem: PlainProblem };

export interface RunRequest {
  /** `sweep`, `resweep-48h`, `resweep-30d`, `backlog`, `fulfilments`, … as listed with the flow. */
  readonly task: string;
  readonly from?: Date;
  readonly to?: Date;
  /** Only these order ids (on-demand import). */
  readonly ids?: readonly string[];
}

/** What a change of settings, lookup or override would do to orders already imported. */
export interface ChangePreview {
  readonly compared: number;
  readonly changed: readonly {
    readonly recordId: string;
    readonly channelOrderId: string;
    readonly differences: readonly {
      readonly path: string;
      readonly before: unknown;
      readonly after: unknown;
    }[];
    readonly problem?: PlainProblem;
  }[];
}

export interface LookupInput {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly multiplier?: number;
  readonly note?: string;
}

/** What a CSV would do to a table, or why it is refused: line by line. */
export interface LookupPreview {
  readonly added: readonly LookupInput[];
  readonly changed: readonly { readonly before: LookupInput; readonly after: LookupInput }[];
  readonly removed: readonly LookupInput[];
  readonly unchanged: number;
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
}

/** One act on a table: an edit, an import, an undo. */
export interface LookupChange {
  readonly changeId: string;
  readonly at: string;
  readonly by: string;
  readonly via: string;
  readonly rows: readonly {
    readonly key: string;
    readonly before: LookupInput | null;
    readonly after: LookupInput | null;
  }[];
}

/** Why an override cannot be used; `start` and `end` mark the place in its text. */
export interface OverrideFault {
  readonly code: string;
  readonly message: string;
  readonly start?: number;
  readonly end?: number;
  readonly nextSteps: readonly string[];
}

export interface MappingChange {
  /** Overrides taken back. */
  readonly removed?: readonly string[];
  readonly settings?: unknown;
  readonly overrides?: readonly {
    readonly field: string;
    readonly kind: 'constant' | 'lookup' | 'expression';
    readonly value: string;
  }[];
  readonly lookups?: readonly {
    readonly name: string;
    readonly key: string;
    readonly value: string;
    readonly multiplier?: number;
  }[];
}

/** One comparison of the readiness check: the marketplace's figure and what would be booked. */
export interface Comparison {
  readonly name: 'total' | 'tax' | 'lines' | 'quantities' | 'fields';
  readonly expected: string;
  readonly actual: string;
  readonly equal: boolean;
}

export interface ComparedOrder {
  readonly orderId: string;
  readonly marketplace?: string;
  readonly fulfilledBy?: string;
  readonly placedAt?: string;
  readonly currency?: string;
  readonly documentKind?: string;
  readonly verdict: 'fits' | 'unfit' | 'left-out';
  /** Why it is left out, or a remark. */
  readonly reason?: string;
  readonly checks: readonly Comparison[];
  readonly problem?: PlainProblem;
}

/** Real recent orders as a dry run: what fits, what does not and why. */
export interface Readiness {
  readonly at: string;
  readonly fits: number;
  readonly unfit: number;
  readonly leftOut: number;
  readonly tallies: Readonly<Record<string, { readonly compared: number; readonly equal: number }>>;
  readonly orders: readonly ComparedOrder[];
}

export interface SetupView {
  readonly id: string;
  readonly kind: 'real' | 'practice';
  readonly state: 'open' | 'live' | 'paused' | 'rolled-back';
  readonly step: string;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly channelConnectionId: string | null;
  readonly erpConnectionId: string | null;
  readonly readiness: Readiness | null;
  readonly checkedAt: string | null;
  readonly liveAt: string | null;
  readonly liveBy: string | null;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Names of secrets typed already; never their values. */
  readonly secretsGiven: readonly string[];
}

/** A list of the account, or why it cannot be read. */
export type ChoiceList =
  | { readonly items: readonly Choice[] }
  | { readonly items: readonly Choice[]; readonly unavailable: string };

export interface SetupQuestions {
  readonly marketplaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly country: string;
    readonly currency: string;
  }[];
  readonly account: {
    readonly oneWorld: boolean;
    readonly suiteTax: boolean;
    readonly timeZone: string;
    readonly warnings: readonly string[];
  };
  readonly lists: Readonly<Record<string, ChoiceList>>;
  readonly shipServices: readonly string[];
  /** Answers that the account's own names suggest; the person confirms them. */
  readonly suggested: Readonly<Record<string, unknown>>;
  /** Fields of questions that have no answer yet. */
  readonly open: readonly string[];
}

export interface MadeView {
  readonly recordId: string;
  readonly channelOrderId: string;
  readonly kind: string;
  readonly number: string;
  readonly adopted: boolean;
  readonly undone: boolean;
  readonly mayUndo: boolean;
  readonly currency: string | null;
  readonly totalMinor: string | null;
  readonly doneAt: string | null;
}

export interface SetupOperations {
  listSetups(): Promise<{
    readonly items: readonly SetupView[];
    readonly practice: { readonly available: boolean; readonly facts: PracticeFacts | null };
  }>;
  startSetup(kind: 'real' | 'practice', actor: string): Promise<string>;
  saveAnswers(
    setupId: string,
    change: { readonly step?: string; readonly answers?: Readonly<Record<string, unknown>> },
    actor: string,
  ): Promise<void>;
  dropSetup(setupId: string, actor: string): Promise<void>;
  /** Saves the books' connection of a set-up from what is known so far; returns its id. */
  connectErp(
    setupId: string,
    input: {
      readonly useId?: string;
      readonly settings?: object;
      readonly secrets?: object;
      readonly title?: string;
    },
    actor: string,
  ): Promise<string>;
  /** Keeps what is known of the channel's account, sealed; saves the connection once nothing needed is missing. */
  connectChannel(
    setupId: string,
    input: { readonly settings: object; readonly secrets?: object; readonly title?: string },
    actor: string,
  ): Promise<{ readonly connectionId: string | null }>;
  beginAuthorisation(
    target: { readonly setupId: string } | { readonly connectionId: string },
    origin: string,
    actor: string,
  ): Promise<{ readonly url: string; readonly redirectUri: string }>;
  completeAuthorisation(
    answer: { readonly state: string; readonly code: string; readonly sellerId?: string },
    actor: string,
  ): Promise<{ readonly setupId: string | null; readonly connectionId: string | null }>;
  questions(setupId: string): Promise<SetupQuestions>;
  checkSetup(setupId: string, last: number, actor: string): Promise<Readiness>;
  goLive(setupId: string, actor: string): Promise<void>;
  pauseSetup(setupId: string, actor: string): Promise<void>;
  resumeSetup(setupId: string, actor: string): Promise<void>;
  rollBack(setupId: string, actor: string): Promise<void>;
  madeBySetup(
    setupId: string,
    cursor: string | undefined,
  ): Promise<{
    readonly counts: readonly {
      readonly kind: string;
      readonly adopted: boolean;
      readonly undone: boolean;
      readonly n: number;
    }[];
    readonly items: readonly MadeView[];
    readonly next: string | null;
  }>;
  undoMade(
    setupId: string,
    recordIds: readonly string[],
    actor: string,
  ): Promise<readonly { readonly recordId: string; readonly undone: boolean; readonly reason: string }[]>;
}

export interface Operations
  extends ProblemOperations,
    EditOperations,
    AlertOperations,
    SetupOperations,
    SettlementOperations,
    SettlementProofOperations {
  /** Puts records back into the queue; returns how many. */
  retryRecords(filter: RecordFilter, actor: string): Promise<number>;
  skipRecords(filter: RecordFilter, reason: string, actor: string): Promise<number>;
  /** Dry run of a stored record as it is now, or of pasted text; nothing is written anywhere. */
  planRecord(recordId: string, withPersonal: boolean): Promise<DryRun>;
  planText(flowId: string, text: string, withPersonal: boolean): Promise<readonly DryRun[]>;
  /** Stores the documents of a file and queues them; the same way as from the channel. */
  importText(
    flowId: string,
    text: string,
    actor: string,
  ): Promise<readonly { readonly channelOrderId: string; readonly recordId: string }[]>;
  /** The document of a record as the ERP has it at this moment. */
  readRemote(recordId: string): Promise<RemoteDocument>;
  /** Where a person sees the order and the document in the other systems; null where there is no such page. */
  placesOf(recordId: string): Promise<{ readonly channel: string | null; readonly erp: string | null }>;
  testConnection(input: ConnectionInput | { readonly id: string }): Promise<CheckOutcome>;
  saveConnection(input: ConnectionInput, actor: string): Promise<void>;
  removeConnection(id: string, actor: string): Promise<void>;
  setConnectionState(id: string, state: 'active' | 'paused', actor: string): Promise<void>;
  choices(connectionId: string, kind: ChoiceKind, search?: string): Promise<readonly Choice[]>;
  /** A new key pair for a NetSuite M2M connection: the certificate to upload; the private key stays sealed here. */
  makeCertificate(
    connectionId: string,
    actor: string,
  ): Promise<{
    readonly certificatePem: string;
    readonly expiresAt: string;
    /** True while the key before it stays in use, until completeCertificate(). */
    readonly pending: boolean;
  }>;
  /** Takes the new certificate into use once NetSuite accepts it; until then the one before stays. */
  completeCertificate(connectionId: string, certificateId: string, actor: string): Promise<CheckOutcome>;
  saveFlow(
    input: {
      readonly id?: string;
      readonly kind: string;
      readonly channelConnectionId: string;
      readonly erpConnectionId: string;
      readonly settings: unknown;
    },
    actor: string,
  ): Promise<string>;
  setFlowState(flowId: string, state: 'active' | 'paused', actor: string): Promise<void>;
  runFlow(flowId: string, request: RunRequest, actor: string): Promise<{ readonly runId: string }>;
  previewChange(flowId: string, change: MappingChange, last: number): Promise<ChangePreview>;
  /** Saves a row; answers with the change, so that it can be undone. */
  saveLookup(
    connectionId: string,
    row: LookupInput,
    actor: string,
    via?: 'edit' | 'set-up',
  ): Promise<{ readonly changeId: string; readonly retried: number }>;
  removeLookup(
    connectionId: string,
    name: string,
    key: string,
    actor: string,
  ): Promise<{ readonly changeId: string; readonly retried: number }>;
  /** Reads a CSV against a table: what would be added, changed, removed, and which lines cannot be read. */
  previewLookups(connectionId: string, name: string, csv: string, replace: boolean): Promise<LookupPreview>;
  importLookups(
    connectionId: string,
    name: string,
    csv: string,
    replace: boolean,
    actor: string,
  ): Promise<{ readonly changeId: string; readonly retried: number }>;
  exportLookups(connectionId: string, name: string): Promise<string>;
  lookupChanges(connectionId: string, name: string): Promise<readonly LookupChange[]>;
  undoLookupChange(
    connectionId: string,
    changeId: string,
    actor: string,
  ): Promise<{ readonly changeId: string; readonly retried: number }>;
  saveOverride(
    flowId: string,
    override: {
      readonly field: string;
      readonly kind: 'constant' | 'lookup' | 'expression';
      readonly value: string;
    },
    actor: string,
  ): Promise<void>;
  removeOverride(flowId: string, field: string, actor: string): Promise<void>;
  /** Fields of a flow's mapping: name, rule in words, where it is changed, current override. */
  mappingFields(flowId: string): Promise<
    readonly (FieldRule & {
      /** A custom field that the owner added. */
      readonly own: boolean;
      readonly override?: {
        readonly kind: string;
        readonly value: string;
        readonly by: string;
        readonly at: string;
      };
    })[]
  >;
  /** Custom fields of the account that may be added to the mapping. */
  ownFieldChoices(flowId: string): Promise<readonly ErpField[]>;
  checkOverride(
    flowId: string,
    override: { readonly field: string; readonly kind: string; readonly value: string },
  ): Promise<OverrideFault | null>;
  mappingVersions(flowId: string): Promise<readonly MappingVersion[]>;
  /** Puts the mapping back to what it was just after a moment; a new version, nothing is lost. */
  revertMapping(flowId: string, at: Date, actor: string): Promise<void>;
  /** Every marketplace that a connector knows, by id. */
  marketplaces(): readonly {
    readonly id: string;
    readonly name: string;
    readonly currency: string;
    readonly channel: string;
  }[];
  /** JSON Schemas of a connector's settings and secrets, or of a flow kind's settings: forms are drawn from them. */
  schemas(): {
    readonly connectors: Readonly<
      Record<
        string,
        {
          readonly title: string;
          readonly side: 'channel' | 'erp';
          readonly settings: unknown;
          readonly secrets: unknown;
        }
      >
    >;
    readonly flows: Readonly<Record<string, { readonly title: string; readonly settings: unknown }>>;
  };
}
