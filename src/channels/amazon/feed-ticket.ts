// How is a feed handed over? A document, its upload, the feed itself: the same three calls for every kind of feed.
import { TransientError } from '../../core/errors.ts';
import type { Tools } from '../../http/tools.ts';
import { assertTrusted } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import type { AmazonSettings } from './settings.ts';
import { created, readAs } from './wire.ts';

export interface FeedToSubmit {
  readonly type: string;
  readonly contentType: string;
  readonly text: string;
  readonly marketplaceIds: readonly string[];
  /** What is handed over, in the reader's words: “the listings feed”. */
  readonly about: string;
  /** True when a second feed would do harm: a lost answer is then OutcomeUnknownError. */
  readonly write?: boolean;
}

/** Hands a feed over and returns its id. */
export async function submitFeed(
  settings: AmazonSettings,
  { tools, client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
  feed: FeedToSubmit,
): Promise<string> {
  const { contentType } = feed;
  const answer = await client({
    bucket: 'feeds.createDocument',
    method: 'POST',
    path: '/feeds/2021-06-30/documents',
    body: { contentType },
    about: 'a feed document',
    waitMaxMs: 10_000,
    unrecorded: true,
  });
  const document = readAs(created, answer.json(), 'The feed document');
  assertTrusted(settings, document.url ?? '');
  // The same content type as announced, and no token: the link itself is the permission (spapi.md §3.1).
  const upload = await tools.send({
    bucket: 'free',
    method: 'PUT',
    url: document.url!,
    headers: { 'content-type': contentType },
    body: feed.text,
    unrecorded: true,
  });
  if (upload.status >= 400)
    throw new TransientError(
      'UPLOAD_FAILED',
      `A feed could not be uploaded (${upload.status}): ${feed.about}.`,
    );
  const made = await client({
    bucket: 'feeds.create',
    method: 'POST',
    path: '/feeds/2021-06-30/feeds',
    body: {
      feedType: feed.type,
      marketplaceIds: feed.marketplaceIds,
      inputFeedDocumentId: document.feedDocumentId,
    },
    about: feed.about,
    ...(feed.write ? { write: true } : {}),
  });
  return readAs(created, made.json(), 'The answer to the feed').feedId ?? '';
}
