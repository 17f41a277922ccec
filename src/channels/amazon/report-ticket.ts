// How is a report asked for, and how far is it? The same two calls for every report that may be requested.
import type { AmazonClient } from './client.ts';
import type { AmazonSettings } from './settings.ts';
import { created, processing, readAs } from './wire.ts';

export interface ReportState {
  readonly state: 'working' | 'ready' | 'empty' | 'unusable';
  readonly documentId?: string;
}

/** Starts a report. Asking twice costs a token and nothing else, so a lost answer is simply asked again. */
export async function requestReport(
  settings: AmazonSettings,
  client: AmazonClient,
  /** Without a window it is a report of the present, such as all listings. */
  report: { readonly type: string; readonly from?: Date; readonly to?: Date; readonly about: string },
): Promise<string> {
  const answer = await client({
    bucket: 'reports.create',
    method: 'POST',
    path: '/reports/2021-06-30/reports',
    body: {
      reportType: report.type,
      marketplaceIds: settings.marketplaceIds,
      ...(report.from ? { dataStartTime: report.from.toISOString() } : {}),
      ...(report.to ? { dataEndTime: report.to.toISOString() } : {}),
    },
    about: report.about,
  });
  return readAs(created, answer.json(), 'The answer to the report request').reportId ?? '';
}

export async function reportState(client: AmazonClient, ticket: string, about: string): Promise<ReportState> {
  const answer = await client({
    bucket: 'reports.get',
    method: 'GET',
    path: `/reports/2021-06-30/reports/${encodeURIComponent(ticket)}`,
    about,
  });
  if (answer.status === 404) return { state: 'unusable' };
  const report = readAs(processing, answer.json(), 'The state of the report');
  switch (report.processingStatus) {
    case 'DONE':
      return report.reportDocumentId
        ? { state: 'ready', documentId: report.reportDocumentId }
        : { state: 'empty' };
    // CANCELLED may also mean “asked again too soon”: never taken for “no data” (features.md §2).
    case 'CANCELLED':
    case 'FATAL':
      return { state: 'unusable' };
    default:
      return { state: 'working' };
  }
}
