// What arrives from Amazon, as far as we need it? Tolerant: unknown fields and values pass, a missing needed one is named.
import { z } from 'zod';
import { RecordError } from '../../core/errors.ts';

const text = z.string().nullish();
export const amount = z.object({
  amount: z.union([z.string(), z.number().transform(String)]),
  currencyCode: z.string(),
});
const address = z
  .object({
    name: text,
    companyName: text,
    addressLine1: text,
    addressLine2: text,
    addressLine3: text,
    city: text,
    districtOrCounty: text,
    stateOrRegion: text,
    municipality: text,
    postalCode: text,
    countryCode: text,
    phone: text,
    addressType: text,
  })
  .nullish();
const window = z.object({ earliestDateTime: text, latestDateTime: text }).nullish();
const breakdown = z.object({
  type: z.string(),
  subtotal: amount,
  detailedBreakdowns: z.array(z.object({ subtype: text, value: amount.nullish() })).nullish(),
});

export const orderItem = z.object({
  orderItemId: z.string(),
  quantityOrdered: z.number().int().min(0),
  product: z.object({
    asin: text,
    title: text,
    sellerSku: text,
    price: z.object({ unitPrice: amount.nullish(), priceDesignation: text }).nullish(),
  }),
  proceeds: z.object({ proceedsTotal: amount.nullish(), breakdowns: z.array(breakdown).nullish() }).nullish(),
  promotion: z.object({ breakdowns: z.array(z.object({ promotionId: text })).nullish() }).nullish(),
  cancellation: z
    .object({
      cancellationRequest: z.object({ requester: text, cancelReason: text }).nullish(),
      cancellationExecution: z.object({ cancelledBy: text, cancelReason: text }).nullish(),
    })
    .nullish(),
  fulfillment: z
    .object({
      quantityFulfilled: z.number().nullish(),
      quantityUnfulfilled: z.number().nullish(),
      packing: z
        .object({ giftOption: z.object({ giftMessage: text, giftWrapLevel: text }).nullish() })
        .nullish(),
    })
    .nullish(),
  tax: z.object({ taxCollections: z.array(z.object({ model: text })).nullish() }).nullish(),
});

export const amazonOrder = z.object({
  orderId: z.string(),
  createdTime: z.string(),
  lastUpdatedTime: z.string(),
  programs: z.array(z.string()).nullish(),
  associatedOrders: z.array(z.object({ orderId: text, associationType: text })).nullish(),
  salesChannel: z.object({ channelName: text, marketplaceId: text, marketplaceName: text }),
  buyer: z
    .object({ buyerName: text, buyerEmail: text, buyerCompanyName: text, buyerPurchaseOrderNumber: text })
    .nullish(),
  recipient: z.object({ deliveryAddress: address }).nullish(),
  proceeds: z.object({ grandTotal: amount.nullish() }).nullish(),
  tax: z
    .object({
      taxRegistrations: z.array(z.object({ entityType: text, taxRegistrationNumber: text })).nullish(),
    })
    .nullish(),
  fulfillment: z
    .object({
      fulfillmentStatus: z.string(),
      fulfilledBy: text,
      fulfillmentServiceLevel: text,
      shipByWindow: window,
      deliverByWindow: window,
    })
    .nullish(),
  orderItems: z.array(orderItem),
  packages: z
    .array(
      z.object({
        packageReferenceId: z.union([z.string(), z.number().transform(String)]),
        carrier: text,
        shippingService: text,
        trackingNumber: text,
        shipTime: text,
        packageStatus: z.object({ status: text }).nullish(),
        packageItems: z.array(z.object({ orderItemId: z.string(), quantity: z.number() })).nullish(),
      }),
    )
    .nullish(),
});
export type AmazonOrder = z.infer<typeof amazonOrder>;

export const ordersPage = z.object({
  orders: z.array(z.looseObject({ orderId: z.string(), lastUpdatedTime: z.string() })),
  pagination: z.object({ nextToken: text }).nullish(),
  lastUpdatedBefore: text,
});
export const orderAnswer = z.object({
  order: z.looseObject({ orderId: z.string(), lastUpdatedTime: z.string() }),
});
export const tokenAnswer = z.object({
  access_token: z.string().optional(),
  expires_in: z.coerce.number().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});
export const created = z.object({
  reportId: z.string().optional(),
  feedId: z.string().optional(),
  feedDocumentId: z.string().optional(),
  url: z.string().optional(),
});
export const processing = z.object({
  processingStatus: z.string(),
  reportDocumentId: text,
  resultFeedDocumentId: text,
});
export const documentLink = z.object({ url: z.string(), compressionAlgorithm: text });
export const participations = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({
        id: z.string(),
        name: z.string(),
        countryCode: z.string(),
        defaultCurrencyCode: z.string(),
      }),
      participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean().nullish() }),
      storeName: text,
    }),
  ),
});

/** Parses a document, or parks it naming the field that is missing or of another kind. */
export function readAs<Value>(schema: z.ZodType<Value>, input: unknown, what: string): Value {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new RecordError(
    'DOCUMENT_UNREADABLE',
    `${what} cannot be read: ${field || 'the whole document'} ${issue?.message ?? 'is not as expected'}.`,
    {
      field,
      nextSteps: [
        'Look at the document under Documents; fetch it again, or import a corrected one from a file.',
      ],
      facts: { cause: field },
    },
  );
}

export const feedList = z.object({
  feeds: z.array(z.object({ feedId: z.string(), processingStatus: z.string(), createdTime: text })),
});
const listingIssue = z.object({ sku: text, code: text, severity: text, message: text });
export const listingSubmission = z.object({
  status: z.string(),
  issues: z.array(listingIssue).nullish(),
});
export const listingsReport = z.object({ issues: z.array(listingIssue).nullish() });
