// What can be asked of a running Crossdock beyond reading its tables? The API and the CLI call these; the wiring in
// app.ts implements them. Every operation names its actor for the audit log.

import type { ChannelReport, PlannedRequest } from '../channels/channel.ts';
import type { Choice, ChoiceKind, DocumentDraft, ErpReport } from '../erp/erp.ts';
import type { Amounts } from './amounts.ts';
import type { AlertOperations } from './operations/alerts.ts';
import type { EditOperations } from './operations/edits.ts';
import type { ProblemOperations } from './operations/problems.ts';

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

export interface MappingChange {
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

export interface Operations extends ProblemOperations, EditOperations, AlertOperations {
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
  ): Promise<{ readonly certificatePem: string; readonly expiresAt: string }>;
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
  saveLookup(
    connectionId: string,
    row: {
      readonly name: string;
      readonly key: string;
      readonly value: string;
      readonly multiplier?: number;
      readonly note?: string;
    },
    actor: string,
  ): Promise<void>;
  removeLookup(connectionId: string, name: string, key: string, actor: string): Promise<void>;
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
  /** Fields of a flow's mapping: name, rule in words, current override; for the screen that edits them. */
  mappingFields(flowId: string): Promise<
    readonly {
      readonly field: string;
      readonly rule: string;
      readonly override?: {
        readonly kind: string;
        readonly value: string;
        readonly by: string;
        readonly at: string;
      };
    }[]
  >;
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
