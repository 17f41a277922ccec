// Which settlements lie ready, and what are their bytes? Amazon makes them by itself; they are listed for ninety days and
// cannot be asked for. The list mixes all marketplaces: the file says whose it is. Next: settlement-file.ts reads it.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { TransientError } from '../../core/errors.ts';
import type { Tools } from '../../http/tools.ts';
import type { SettlementListing, SettlementSource } from '../channel.ts';
import { fetchDocument, isGzip } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import type { AmazonSettings } from './settings.ts';
import { readSettlement } from './settlement-file.ts';
import { readAs } from './wire.ts';

const reportType = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const keptMs = 90 * 86_400_000;
/** Amazon refuses a moment even slightly older than what it keeps. */
const marginMs = 10 * 60_000;

const listing = z.object({
  reports: z.array(
    z.object({
      reportId: z.string(),
      reportType: z.string(),
      processingStatus: z.string(),
      createdTime: z.string(),
      reportDocumentId: z.string().nullish(),
    }),
  ),
  nextToken: z.string().nullish(),
});

export function settlementSource(
  settings: AmazonSettings,
  parts: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
): SettlementSource {
  const { tools, client } = parts;
  return {
    async list({ from, page }) {
      const oldest = new Date(tools.now().getTime() - keptMs + marginMs);
      const since = from < oldest ? oldest : from;
      // A page token must be the only parameter (spapi.md §3.10).
      const query =
        page === undefined
          ? new URLSearchParams({
              reportTypes: reportType,
              processingStatuses: 'DONE',
              createdSince: since.toISOString(),
              pageSize: '100',
            })
          : new URLSearchParams({ nextToken: page });
      const answer = await client({
        bucket: 'reports.list',
        method: 'GET',
        path: `/reports/2021-06-30/reports?${query}`,
        about: 'the list of settlement reports',
      });
      const got = readAs(listing, answer.json(), 'The list of settlement reports');
      const reports = got.reports.flatMap((report): SettlementListing[] =>
        report.reportDocumentId && report.processingStatus === 'DONE' && report.reportType === reportType
          ? [
              {
                reportId: report.reportId,
                documentId: report.reportDocumentId,
                createdAt: new Date(report.createdTime),
                format: 'v2',
              },
            ]
          : [],
      );
      return {
        reports,
        ...(got.nextToken ? { nextPage: got.nextToken } : {}),
        seenUntil: new Date(
          Math.max(since.getTime(), ...reports.map((report) => report.createdAt.getTime())),
        ),
      };
    },
    async open({ documentId }) {
      const bytes = await fetchDocument(settings, parts, {
        bucket: 'reports.document',
        path: `/reports/2021-06-30/documents/${encodeURIComponent(documentId)}`,
        about: 'the settlement report',
      });
      return isGzip(bytes) ? gunzipped(bytes) : Readable.from([bytes]);
    },
    read: (bytes) => readSettlement(bytes),
  };
}

/** Decompressed piece by piece: only the compressed file is held in memory. */
async function* gunzipped(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  const stream = createGunzip();
  stream.end(bytes);
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (cause) {
    throw new TransientError('DOWNLOAD_DAMAGED', 'The settlement report arrived damaged.', { cause });
  }
}
