// How does a flow get everything it may use? Sessions, settings, lookups, journal: opened here for worker and dry run.
import { readDocuments } from '../archive/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/pool.ts';
import { makeJournal } from '../engine/journal.ts';
import type { ClaimedRecord } from '../engine/store.ts';
import type { FlowRow } from '../engine/tasks/store.ts';
import type { OpenFlow, RecordWithDocument } from '../flows/flow.ts';
import { readLookups, readOverrides } from '../mapping/store.ts';
import { settlementShelf } from '../settlements/store.ts';
import { makeStockBook } from '../stock/store.ts';
import type { Vault } from '../vault/vault.ts';
import { flowKinds } from './connectors.ts';
import { parse, type Sessions } from './sessions.ts';

export interface FlowParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly sessions: Sessions;
}

/** How long lookups and overrides read once may be used, in the program's clock. */
const rereadMs = 2_000;

export async function openFlow(parts: FlowParts, flow: FlowRow, wake: () => void): Promise<OpenFlow<never>> {
  const { db, vault, clock, sessions } = parts;
  const kind = flowKinds[flow.kind]!;
  const channel = await sessions.channel(flow.channelConnectionId);
  const { session: erp, report } = await sessions.erp(flow.erpConnectionId);
  const settings = parse(kind.settings, flow.settings, `settings of ${flow.id}`);
  return {
    id: flow.id,
    channelConnectionId: flow.channelConnectionId,
    settings,
    channel,
    erp,
    erpReport: report,
    clock,
    lookups: rereading(clock, () => readLookups(db, flow.channelConnectionId)),
    overrides: rereading(clock, () => readOverrides(db, flow.id)),
    journal: makeJournal({
      db,
      vault,
      clock,
      flowId: flow.id,
      channelConnectionId: flow.channelConnectionId,
      source: channel.orders,
      wake,
    }),
    stock: makeStockBook({
      db,
      clock,
      flowId: flow.id,
      channelConnectionId: flow.channelConnectionId,
      erpConnectionId: flow.erpConnectionId,
    }),
    settlements: settlementShelf({
      db,
      clock,
      flowId: flow.id,
      channelConnectionId: flow.channelConnectionId,
    }),
  };
}

function rereading<Value>(clock: Clock, read: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  let readAt = 0;
  return () => {
    const now = clock.now().getTime();
    if (known === undefined || now - readAt > rereadMs) {
      readAt = now;
      known = read();
      known.catch(() => (known = undefined));
    }
    return known;
  };
}

/** Records with their documents: handed on when they were stored a moment ago, else from the archive, the buyer's data joined again while it is kept. */
export async function withDocuments(
  parts: Pick<FlowParts, 'db' | 'vault'>,
  flow: Pick<OpenFlow<never>, 'channel' | 'journal'>,
  records: readonly ClaimedRecord[],
): Promise<readonly RecordWithDocument[]> {
  const handedOn = new Map(
    records.flatMap((record) => {
      const taken = flow.journal.justTaken(record.documentId);
      return taken ? [[record.documentId, taken] as const] : [];
    }),
  );
  const toRead = records.flatMap(({ documentId }) => (handedOn.has(documentId) ? [] : [documentId]));
  const documents = await readDocuments(parts.db, parts.vault, toRead);
  return records.map((record) => {
    const taken = handedOn.get(record.documentId);
    if (taken) return { record, raw: undefined, ...taken };
    const document = documents.get(record.documentId);
    if (!document) throw new Error(`The document of record ${record.key} is not in the archive.`);
    const raw =
      document.personal === undefined || !flow.channel.orders
        ? document.kept
        : flow.channel.orders.joinPersonal(document.kept, document.personal);
    return { record, raw, via: document.via };
  });
}
