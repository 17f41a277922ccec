// Which settlements lie ready that were not read? All reports of the last ninety days are listed each time: one page, and
// nothing can be missed. A file is read whole, and so proved to sum up, before it is kept.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SettlementListing, SettlementSource } from '../../channels/channel.ts';
import { RecordError, type SyncError } from '../../core/errors.ts';
import type { SettlementFileFacts, SettlementHeader } from '../../core/settlement.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';

const keptDays = 90;
const dayMs = 86_400_000;

export async function discoverSettlements(
  flow: OpenFlow<SettlementsSettings>,
  request: TaskRequest,
): Promise<TaskResult> {
  const source = sourceOf(flow);
  const counts = { listed: 0, new: 0, known: 0, reissued: 0, damaged: 0 };
  const from = new Date(flow.clock.now().getTime() - keptDays * dayMs);
  const listed: SettlementListing[] = [];
  let page: string | undefined;
  do {
    const got = await source.list({ from, ...(page === undefined ? {} : { page }) });
    listed.push(...got.reports);
    page = got.nextPage;
  } while (page !== undefined && !request.signal.aborted);
  counts.listed = listed.length;
  const known = await flow.settlements.knownReports(listed.map((report) => report.reportId));
  // Oldest first: reserves roll from one settlement to the next.
  const fresh = listed
    .filter((report) => !known.has(report.reportId))
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  for (const report of fresh) {
    if (request.signal.aborted) break;
    try {
      counts[await takeReport(flow, source, report)]++;
    } catch (thrown) {
      // A damaged file is told and tried again next time; the others go on.
      if (!(thrown instanceof RecordError)) throw thrown;
      counts.damaged++;
      await flow.journal.standing('SETTLEMENT_DAMAGED', thrown);
    }
  }
  if (counts.damaged === 0) await flow.journal.standing('SETTLEMENT_DAMAGED', undefined);
  return { counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) };
}

export function sourceOf(flow: Pick<OpenFlow<SettlementsSettings>, 'channel'>): SettlementSource {
  const source = flow.channel.settlements;
  if (source) return source;
  throw new RecordError('SETTLEMENTS_ABSENT', 'This marketplace offers no settlement reports.', {
    nextSteps: ['Remove the flow, or upload settlement files by hand.'],
  });
}

async function takeReport(
  flow: OpenFlow<SettlementsSettings>,
  source: SettlementSource,
  report: SettlementListing,
): Promise<'new' | 'known' | 'reissued'> {
  const { header, outcome, sha256 } = await takeSettlement(flow, await source.open(report), 'channel');
  await flow.settlements.noteReport(report.reportId, header.settlementId, sha256);
  return outcome;
}

/** Reads a file to its end, keeps it and queues its settlement. Twice is harmless: the content decides. */
export async function takeSettlement(
  flow: Pick<OpenFlow<SettlementsSettings>, 'channel' | 'settlements' | 'journal'>,
  bytes: AsyncIterable<Uint8Array>,
  via: 'channel' | 'file',
): Promise<{
  readonly header: SettlementHeader;
  readonly outcome: 'new' | 'known' | 'reissued';
  readonly sha256: string;
}> {
  const pieces: Uint8Array[] = [];
  const reading = await sourceOf(flow).read(collected(bytes, pieces));
  let rows = 0;
  for await (const batch of reading.batches) rows += batch.length;
  const facts = reading.facts();
  const { header } = reading;
  const content = await promisify(gzip)(Buffer.concat(pieces));
  const outcome = await flow.settlements.keep({ header, facts, content, via });
  if (outcome === 'reissued') await tellReissue(flow, header, facts);
  else
    await flow.journal.take({
      kind: 'settlement',
      via: via === 'file' ? 'file' : 'report',
      priority: 1,
      documents: [
        {
          key: header.settlementId,
          updatedAt: header.endAt,
          raw: documentOf(header, facts, rows),
          facts: {
            currency: header.total.currency,
            totalMinor: header.total.minor,
            placedAt: header.endAt,
          },
        },
      ],
    });
  return { header, outcome, sha256: facts.sha256 };
}

async function* collected(bytes: AsyncIterable<Uint8Array>, pieces: Uint8Array[]): AsyncIterable<Uint8Array> {
  for await (const piece of bytes) {
    pieces.push(piece);
    yield piece;
  }
}

/** What the archive keeps of it beside the file: the head and how the file was written. */
const documentOf = (header: SettlementHeader, facts: SettlementFileFacts, rows: number) => ({
  settlementId: header.settlementId,
  startAt: header.startAt.toISOString(),
  endAt: header.endAt.toISOString(),
  depositAt: header.depositAt.toISOString(),
  currency: header.total.currency,
  totalMinor: header.total.minor.toString(),
  rows,
  sha256: facts.sha256,
  format: facts.format,
  encoding: facts.encoding,
});

/** The same settlement with other content never replaces what was booked in silence (features.md 5.3). */
async function tellReissue(
  flow: Pick<OpenFlow<SettlementsSettings>, 'journal'>,
  header: SettlementHeader,
  facts: SettlementFileFacts,
): Promise<void> {
  const error: SyncError = new RecordError(
    'SETTLEMENT_REISSUED',
    `Settlement ${header.settlementId} was issued again with other content (SHA-256 ${facts.sha256.slice(0, 12)}…). The first version goes on counting.`,
    {
      nextSteps: [
        'Compare both versions under Settlements.',
        'Ask Amazon why it changed; then keep the first version, or reverse its postings and take the new one.',
      ],
      facts: { settlementId: header.settlementId, sha256: facts.sha256 },
    },
  );
  await flow.journal.standing(`SETTLEMENT_REISSUED ${header.settlementId}`, error);
}
