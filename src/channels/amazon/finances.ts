// What has Amazon booked on the seller's account that no settlement tells yet? Transactions of Finances 2024-06-19, page by
// page. A deferred one that was released names its release, a transaction of its own that tells the same money again.
import { z } from 'zod';
import { money, parseMoney } from '../../core/money.ts';
import type { FinanceBreakdown, FinanceTransaction } from '../../core/settlement.ts';
import type { Tools } from '../../http/tools.ts';
import type { FinanceSource } from '../channel.ts';
import type { AmazonClient } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import { readAs } from './wire.ts';

/** Amazon answers nothing for longer windows, without saying so (spapi.md §3.11). */
const windowMaxMs = 179 * 86_400_000;
/** Moments younger than two minutes are refused. */
const freshMs = 3 * 60_000;

const amount = z.object({ currencyCode: z.string(), currencyAmount: z.string() });
interface WireBreakdown {
  readonly breakdownType?: string | null | undefined;
  readonly breakdownAmount?: z.infer<typeof amount> | null | undefined;
  readonly breakdowns?: readonly WireBreakdown[] | null | undefined;
}
const breakdown: z.ZodType<WireBreakdown> = z.lazy(() =>
  z.object({
    breakdownType: z.string().nullish(),
    breakdownAmount: amount.nullish(),
    breakdowns: z.array(breakdown).nullish(),
  }),
);
const context = z.looseObject({
  contextType: z.string().nullish(),
  deferralReason: z.string().nullish(),
  maturityDate: z.string().nullish(),
  sku: z.string().nullish(),
  asin: z.string().nullish(),
  quantityShipped: z.coerce.number().nullish(),
  fulfillmentNetwork: z.string().nullish(),
});
const wireTransaction = z.object({
  transactionId: z.string(),
  transactionType: z.string().nullish(),
  transactionStatus: z.string().nullish(),
  description: z.string().nullish(),
  postedDate: z.string(),
  totalAmount: amount,
  sellingPartnerMetadata: z.object({ marketplaceId: z.string().nullish() }).nullish(),
  marketplaceDetails: z.object({ marketplaceId: z.string().nullish() }).nullish(),
  relatedIdentifiers: z
    .array(
      z.object({
        relatedIdentifierName: z.string().nullish(),
        relatedIdentifierValue: z.string().nullish(),
      }),
    )
    .nullish(),
  contexts: z.array(context).nullish(),
  breakdowns: z.array(breakdown).nullish(),
  items: z
    .array(
      z.object({
        totalAmount: amount.nullish(),
        breakdowns: z.array(breakdown).nullish(),
        contexts: z.array(context).nullish(),
      }),
    )
    .nullish(),
});
type WireTransaction = z.infer<typeof wireTransaction>;
const page = z.object({
  payload: z
    .object({
      transactions: z.array(wireTransaction).nullish(),
      nextToken: z.string().nullish(),
    })
    .nullish(),
});

export function financeSource({
  tools,
  client,
}: {
  readonly tools: Tools<AmazonBucket>;
  readonly client: AmazonClient;
}): FinanceSource {
  const ask = async (query: Readonly<Record<string, string>>, token: string | undefined) => {
    const answer = await client({
      bucket: 'finances.transactions',
      method: 'GET',
      // The token goes with the same arguments as the call that gave it.
      path: `/finances/2024-06-19/transactions?${new URLSearchParams({ ...query, ...(token ? { nextToken: token } : {}) })}`,
      about: 'the transactions',
    });
    const { payload } = readAs(page, parseExact(answer.text()), 'The list of transactions');
    return {
      transactions: (payload?.transactions ?? []).map(toTransaction),
      nextToken: payload?.nextToken ?? undefined,
    };
  };
  return {
    async transactions({ from, to, page: token }) {
      const latest = tools.now().getTime() - freshMs;
      const end = Math.min(latest, (to ?? new Date(latest)).getTime(), from.getTime() + windowMaxMs);
      // Every page must be asked with the arguments of the first, so they travel with the token.
      const [postedAfter = '', postedBefore = '', ...vendor] = token?.split('|') ?? [
        from.toISOString(),
        new Date(end).toISOString(),
      ];
      if (postedBefore <= postedAfter) return { transactions: [], seenUntil: from };
      const got = await ask({ postedAfter, postedBefore }, vendor.length > 0 ? vendor.join('|') : undefined);
      return {
        transactions: got.transactions,
        ...(got.nextToken === undefined
          ? {}
          : { nextPage: [postedAfter, postedBefore, got.nextToken].join('|') }),
        seenUntil: new Date(postedBefore),
      };
    },
    async ofOrder(orderId) {
      const all: FinanceTransaction[] = [];
      let token: string | undefined;
      do {
        const got = await ask({ relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: orderId }, token);
        all.push(...got.transactions);
        token = got.nextToken;
      } while (token !== undefined);
      return all;
    },
  };
}

/** Amounts are JSON numbers; their digits are taken as text before anything could round them. */
export function parseExact(text: string): unknown {
  return JSON.parse(
    text.replace(
      /"currencyAmount"\s*:\s*(-?[0-9.]+(?:[eE][+-]?\d+)?)/g,
      (_, digits: string) => `"currencyAmount":"${plainDecimal(digits)}"`,
    ),
  );
}

/** `1.5E+2` as `150`: Amazon's serializer may write exponents. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match?.[4]) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  const shift = Number(match[4]);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const statuses: Readonly<Record<string, FinanceTransaction['status']>> = {
  DEFERRED: 'deferred',
  RELEASED: 'released',
  DEFERRED_RELEASED: 'deferred-released',
};

/**
 * Pure: a transaction in our words. Amazon’s pages leave open which of the two carries which status once a deferred one is
 * released; the links between them do not: the deferred one names its release, the release what it releases.
 */
export function toTransaction(wire: WireTransaction): FinanceTransaction {
  const { currencyCode } = wire.totalAmount;
  const toMoney = (value: z.infer<typeof amount> | null | undefined) =>
    value ? parseMoney(value.currencyAmount, value.currencyCode) : money(0n, currencyCode);
  const toParts = (parts: readonly WireBreakdown[] | null | undefined): FinanceBreakdown[] =>
    (parts ?? []).map((part) => ({
      type: part.breakdownType ?? '',
      amount: toMoney(part.breakdownAmount),
      parts: toParts(part.breakdowns),
    }));
  // Notices call the order OrderId, answers ORDER_ID (spapi.md §3.11).
  const related = (name: string) =>
    wire.relatedIdentifiers?.find(
      (one) => one.relatedIdentifierName?.replaceAll('_', '').toUpperCase() === name.replaceAll('_', ''),
    )?.relatedIdentifierValue ?? undefined;
  const optional = <Name extends string>(name: Name, value: string | null | undefined) =>
    (value ? { [name]: value } : {}) as { [Key in Name]?: string };
  const deferral = wire.contexts?.find((one) => one.deferralReason);
  return {
    id: wire.transactionId,
    type: wire.transactionType ?? '',
    status: related('DEFERRED_TRANSACTION_ID')
      ? 'deferred-released'
      : related('RELEASE_TRANSACTION_ID')
        ? 'deferred'
        : (statuses[wire.transactionStatus ?? ''] ?? 'released'),
    postedAt: new Date(wire.postedDate),
    total: toMoney(wire.totalAmount),
    ...optional(
      'marketplaceId',
      wire.marketplaceDetails?.marketplaceId ?? wire.sellingPartnerMetadata?.marketplaceId,
    ),
    ...optional('description', wire.description),
    ...optional('orderId', related('ORDER_ID')),
    ...optional('settlementId', related('SETTLEMENT_ID')),
    ...optional('eventGroupId', related('FINANCIAL_EVENT_GROUP_ID')),
    ...optional('disbursementId', related('DISBURSEMENT_ID')),
    ...optional('refundId', related('REFUND_ID')),
    ...optional('deferredTransactionId', related('DEFERRED_TRANSACTION_ID')),
    ...optional('releaseTransactionId', related('RELEASE_TRANSACTION_ID')),
    ...(deferral?.deferralReason
      ? {
          deferral: {
            reason: deferral.deferralReason,
            ...(deferral.maturityDate ? { maturesAt: new Date(deferral.maturityDate) } : {}),
          },
        }
      : {}),
    breakdowns: toParts(wire.breakdowns),
    items: (wire.items ?? []).map((item) => {
      const product = item.contexts?.find((one) => one.sku || one.asin);
      return {
        ...optional('sku', product?.sku),
        ...optional('asin', product?.asin),
        ...(typeof product?.quantityShipped === 'number' ? { quantity: product.quantityShipped } : {}),
        ...(product?.fulfillmentNetwork
          ? {
              fulfilledBy: /^(AFN|AMAZON|FBA)/i.test(product.fulfillmentNetwork)
                ? ('marketplace' as const)
                : ('merchant' as const),
            }
          : {}),
        total: toMoney(item.totalAmount),
        breakdowns: toParts(item.breakdowns),
      };
    }),
  };
}
