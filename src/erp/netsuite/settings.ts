// What does the owner fill in to connect a NetSuite account? Strict; labels and help live here.
import { z } from 'zod';

const fieldId = (prefix: string) =>
  z.union([
    z.literal(''),
    z
      .string()
      .regex(
        new RegExp(`^${prefix}_[a-z0-9_]{1,40}$`),
        `A script id such as ${prefix}_mkt_order_id, or empty.`,
      ),
  ]);

/** A field that only some accounts keep: empty until it is named. */
const optionalField = (prefix: string, words: string) => fieldId(prefix).default('').describe(words);

/** Custom fields of the account that carry the marketplace's facts; empty where the account has none. */
const fields = z.strictObject({
  channel: fieldId('custbody').default('custbody_mkt_channel').describe('Body field: channel.'),
  account: fieldId('custbody')
    .default('custbody_mkt_account')
    .describe('Body field: account at the channel.'),
  orderId: fieldId('custbody')
    .default('custbody_mkt_order_id')
    .describe('Body field: order id at the channel. Without it orders are matched by PO number.'),
  marketplace: fieldId('custbody').default('custbody_mkt_marketplace').describe('Body field: marketplace.'),
  fulfillment: fieldId('custbody')
    .default('custbody_mkt_fulfillment')
    .describe('Body field: MFN, FBA or SFP.'),
  taxTotal: fieldId('custbody')
    .default('custbody_mkt_tax_total')
    .describe('Body field: tax the marketplace remits.'),
  shipBy: fieldId('custbody').default('custbody_mkt_ship_by').describe('Body field: latest ship moment.'),
  cancelled: fieldId('custbody')
    .default('custbody_mkt_cancelled')
    .describe('Body field: cancelled at the channel.'),
  lineId: fieldId('custcol')
    .default('custcol_mkt_line_id')
    .describe('Column field: order-item id. Without it shipments cannot be confirmed.'),
  promotion: fieldId('custcol').default('custcol_mkt_promotion').describe('Column field: promotion ids.'),
  purchaseOrder: optionalField('custbody', 'Body field: a business buyer’s purchase order number.'),
  vatNumber: optionalField('custbody', 'Body field: a business buyer’s VAT number.'),
  replaces: optionalField('custbody', 'Body field: the order that a replacement replaces.'),
  lineCancelled: fieldId('custcol')
    .default('custcol_mkt_cancelled')
    .describe('Column field: tick on lines cancelled at the channel.'),
  giftWrapLevel: optionalField('custcol', 'Column field: gift wrap level.'),
  giftMessage: fieldId('custcol').default('custcol_mkt_gift_message').describe('Column field: gift message.'),
});
const noFields: z.input<typeof fields> = {};

export const netsuiteSettings = z.strictObject({
  accountId: z
    .string()
    .regex(
      /^[A-Za-z0-9]+([_-][A-Za-z0-9]+)?$/,
      'As shown under Setup → Company → Company Information, e.g. 1234567 or 1234567_SB1.',
    )
    .describe('NetSuite account id.'),
  auth: z
    .enum(['m2m', 'tba'])
    .default('m2m')
    .describe(
      'OAuth 2.0 client credentials (m2m), or token-based authentication (tba) for existing integrations.',
    ),
  hostTemplate: z
    .string()
    .default('https://{acct}.suitetalk.api.netsuite.com')
    .refine((url) => {
      const filled = url.replace('{acct}', 'acct');
      return (
        URL.canParse(filled) &&
        (new URL(filled).protocol === 'https:' ||
          ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(filled).hostname))
      );
    }, 'Only https, or http on this machine.')
    .describe('Host of the REST services; {acct} is the account id.'),
  clientId: z.string().optional().describe('Client id of the integration record (m2m).'),
  certificateId: z
    .string()
    .optional()
    .describe('Certificate id shown after uploading the certificate (m2m).'),
  concurrencyMax: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe(
      'Calls at once, shared by all workers. The account’s limit also serves its other integrations.',
    ),
  timeZone: z
    .string()
    .optional()
    .describe('Time zone of the integration user’s session; empty: asked of NetSuite.'),
  fields: fields.default(fields.parse(noFields)).describe('Custom fields.'),
});

export const netsuiteSecrets = z.strictObject({
  privateKeyPem: z
    .string()
    .optional()
    .describe('Private key that belongs to the uploaded certificate (m2m).'),
  consumerKey: z.string().optional().describe('Consumer key (tba).'),
  consumerSecret: z.string().optional().describe('Consumer secret (tba).'),
  tokenId: z.string().optional().describe('Token id (tba).'),
  tokenSecret: z.string().optional().describe('Token secret (tba).'),
});

export type NetSuiteSettings = z.infer<typeof netsuiteSettings>;
export type NetSuiteSecrets = z.infer<typeof netsuiteSecrets>;
