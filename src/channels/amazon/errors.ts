// What does Amazon's refusal mean for us? One table: status and code → error class, sentence, next step.
import {
  ConnectionError,
  OutcomeUnknownError,
  RecordError,
  type SyncError,
  ThrottledError,
  TransientError,
} from '../../core/errors.ts';
import type { Answer } from '../../http/tools.ts';
import { type AmazonBucket, amazonLimits } from './limits.ts';

export interface AmazonFault {
  readonly code: string;
  readonly message: string;
}

/** The first error of an answer; some are HTML or empty (spapi.md §4). */
export function faultOf(answer: Answer): AmazonFault {
  try {
    const body = JSON.parse(answer.text()) as {
      errors?: readonly { code?: string; message?: string; details?: string }[];
    };
    const [first] = body.errors ?? [];
    return { code: first?.code ?? '', message: [first?.message, first?.details].filter(Boolean).join(' ') };
  } catch {
    return { code: '', message: '' };
  }
}

export interface CallKind {
  readonly bucket: AmazonBucket;
  readonly write?: boolean;
  readonly now: Date;
  /** What was asked for, in the reader's words: “order 113-…”. */
  readonly about: string;
}

/** Turns a refused answer into what the engine must do; undefined for 404, which callers read as “there is none”. */
export function amazonRefusal(
  answer: Answer,
  { bucket, write, now, about }: CallKind,
): SyncError | undefined {
  const { code, message } = faultOf(answer);
  const facts = { side: 'channel', status: answer.status, code };
  if (answer.status === 404) return undefined;
  if (answer.status === 429) {
    const limit = amazonLimits[bucket];
    const perSecond =
      Number(answer.headers['x-amzn-ratelimit-limit']) || (limit.kind === 'rate' ? limit.perSecond : 1);
    return new ThrottledError(
      'RATE_LIMITED',
      `Amazon asks to wait before reading or writing ${about} again.`,
      new Date(now.getTime() + Math.ceil(1000 / perSecond)),
    );
  }
  if (answer.status === 403 || answer.status === 401)
    return new ConnectionError(
      'ACCESS_DENIED',
      `Amazon denies access to ${about}${message ? `: ${message}` : ''}.`,
      {
        nextSteps: [
          'Check in Seller Central → Partner network → Develop apps that the application has the roles it needs (orders: Inventory and Order Tracking; addresses: Direct-to-Consumer Delivery).',
          'If the authorisation was withdrawn or is older than a year, authorise again and save the new refresh token.',
        ],
        facts,
      },
    );
  if (answer.status >= 500) {
    if (write)
      return new OutcomeUnknownError(
        'ANSWER_LOST',
        `Amazon answered ${answer.status} to ${about}; it may have taken effect.`,
        { facts },
      );
    return new TransientError('REMOTE_5XX', `Amazon answered ${answer.status} to ${about}.`, { facts });
  }
  // A token that is a day old, or was given for other parameters: the search begins again (spapi.md §2.1).
  if (answer.status === 400 && !write && /pagination ?token|next ?token/i.test(message))
    return new TransientError('PAGE_EXPIRED', `Amazon no longer continues the list of ${about}: ${message}`, {
      facts,
    });
  if (answer.status === 400 && !write)
    // A query that was valid yesterday may be refused for hours by a regional fault (spapi.md §2.7.6): tried again, not dropped.
    return new TransientError(
      'QUERY_REFUSED',
      `Amazon refused to answer about ${about}${message ? `: ${message}` : ''}.`,
      { facts },
    );
  return new RecordError('REFUSED_BY_CHANNEL', `Amazon refused ${about}${message ? `: ${message}` : ''}.`, {
    nextSteps: [nextStepFor(code, message), 'Then retry the record.'],
    facts: { ...facts, cause: code || message },
  });
}

const refusals: readonly (readonly [RegExp, string])[] = [
  [
    /PackageToUpdateNotFound/i,
    'Look at the order in Seller Central: it may be confirmed already under another package.',
  ],
  [
    /ship\s*date|shipDate/i,
    'Correct the ship date of the fulfilment in NetSuite: not before the purchase and not in the future.',
  ],
  [/carrier/i, 'Map the ship method to a carrier Amazon knows under Lookups → carrier.'],
  [/tracking/i, 'Correct the tracking number on the fulfilment in NetSuite.'],
  [/quantity/i, 'Compare the quantities of the fulfilment with those of the order.'],
];

function nextStepFor(code: string, message: string): string {
  return (
    refusals.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1] ??
    'Open the request on this page and compare it with the order in Seller Central.'
  );
}
