// How are ten thousand orders read in minutes? By the all-orders report: requested, awaited, downloaded, streamed in batches.
import { gunzipSync } from 'node:zlib';
import { RecordError, TransientError } from '../../core/errors.ts';
import { readTsv } from '../../formats/tsv.ts';
import type { Tools } from '../../http/tools.ts';
import type { BacklogReport, OrderDocument } from '../channel.ts';
import { type AmazonClient, baseUrlOf } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import { reportState, requestReport } from './report-ticket.ts';
import type { AmazonSettings } from './settings.ts';
import { documentLink, readAs } from './wire.ts';

const reportType = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';
/** Orders handed over together; each batch is one transaction. */
const batchSize = 500;
/** A report of a million rows is some 400 MB; larger ones are refused rather than read into memory. */
const reportMaxBytes = 512 * 1024 * 1024;

export function backlogReport(
  settings: AmazonSettings,
  { tools, client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
  ordersPerSearchPage: number,
): BacklogReport {
  return {
    ordersPerSearchPage,
    request: (from, to) =>
      requestReport(settings, client, { type: reportType, from, to, about: 'the order report' }),
    state: (ticket) => reportState(client, ticket, 'the order report'),
    async *read(documentId) {
      const text = await download(
        settings,
        { tools, client },
        {
          bucket: 'reports.document',
          path: `/reports/2021-06-30/documents/${encodeURIComponent(documentId)}`,
          about: 'the order report',
        },
      );
      yield* ordersOf(text);
    },
  };
}

/** Groups rows by order; a report lists an order's rows together, but nothing promises it, so the last of a batch waits. */
async function* ordersOf(text: string): AsyncIterable<readonly OrderDocument[]> {
  let orders = new Map<string, Record<string, string>[]>();
  for (const row of readTsv(text)) {
    const id = row['amazon-order-id'];
    if (!id) continue;
    const rows = orders.get(id);
    if (rows) rows.push(row);
    else {
      if (orders.size >= batchSize) {
        yield toDocuments(orders);
        orders = new Map();
      }
      orders.set(id, [row]);
    }
  }
  if (orders.size > 0) yield toDocuments(orders);
}

function toDocuments(
  orders: ReadonlyMap<string, readonly Record<string, string>[]>,
): readonly OrderDocument[] {
  return [...orders].map(([key, reportRows]) => ({
    key,
    updatedAt: new Date(reportRows[0]!['last-updated-date'] ?? 0),
    raw: { reportRows },
  }));
}

/** Fetches a document by its link; links are checked before they are followed, since they come from an answer. */
export async function download(
  settings: AmazonSettings,
  { tools, client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
  {
    bucket,
    path,
    about,
  }: {
    readonly bucket: 'reports.document' | 'feeds.document';
    readonly path: string;
    readonly about: string;
  },
): Promise<string> {
  const bytes = await fetchDocument(settings, { tools, client }, { bucket, path, about });
  try {
    return new TextDecoder().decode(
      isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: reportMaxBytes }) : bytes,
    );
  } catch (cause) {
    throw new TransientError('DOWNLOAD_DAMAGED', `The document of ${about} arrived damaged.`, { cause });
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of a document as they are stored, still compressed. */
export async function fetchDocument(
  settings: AmazonSettings,
  { tools, client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
  {
    bucket,
    path,
    about,
  }: {
    readonly bucket: 'reports.document' | 'feeds.document';
    readonly path: string;
    readonly about: string;
  },
): Promise<Uint8Array> {
  const answer = await client({ bucket, method: 'GET', path, about, unrecorded: true, waitMaxMs: 120_000 });
  const link = readAs(documentLink, answer.json(), 'The link to the document');
  assertTrusted(settings, link.url);
  const file = await tools.send({
    bucket: 'free',
    method: 'GET',
    url: link.url,
    unrecorded: true,
    answerMaxBytes: reportMaxBytes,
  });
  if (file.status >= 400)
    throw new TransientError(
      'DOWNLOAD_FAILED',
      `The document of ${about} could not be downloaded (${file.status}); its link lives five minutes.`,
    );
  return file.bytes;
}

/** Only Amazon's own storage, or the simulator's host when one is set, may be read from or written to. */
export function assertTrusted(settings: AmazonSettings, url: string): void {
  const { protocol, hostname, host } = new URL(url);
  const simulated = settings.baseUrl !== undefined && host === new URL(baseUrlOf(settings)).host;
  if (
    simulated ||
    (protocol === 'https:' && /(^|\.)(amazonaws\.com|amazon\.com|cloudfront\.net)$/.test(hostname))
  )
    return;
  throw new RecordError(
    'LINK_UNTRUSTED',
    `An answer links to ${hostname}, which is not Amazon’s; it is not followed.`,
    { nextSteps: ['Check the host settings of the connection.'], facts: { host: hostname } },
  );
}
