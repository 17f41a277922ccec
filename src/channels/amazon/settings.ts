// What does the owner fill in to connect an Amazon seller account? Strict; labels and help live here.
import { z } from 'zod';
import { marketplaces } from './marketplaces.ts';

/** Real hosts speak TLS; only a simulator on this machine may be plain. */
const host = z.url().refine((url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}, 'Only https, or http on this machine.');

export const amazonSettings = z.strictObject({
  sellerId: z.string().min(3).describe('Seller id (merchant token), from Seller Central → Account info.'),
  region: z
    .enum(['na', 'eu', 'fe'])
    .describe(
      'Region of the account: na (Americas), eu (Europe, Middle East, India), fe (Japan, Australia, Singapore).',
    ),
  marketplaceIds: z
    .array(
      z
        .string()
        .refine(
          (id) => marketplaces.some((marketplace) => marketplace.id === id),
          'Not a known marketplace id.',
        ),
    )
    .min(1, 'Choose at least one marketplace.')
    .max(50)
    .describe('Marketplaces to read orders from.'),
  includePersonalData: z
    .boolean()
    .default(true)
    .describe(
      'Ask for buyer and address; needs the restricted roles. Without it merchant orders have no address.',
    ),
  baseUrl: host.optional().describe('Another host for the Selling Partner API (simulator, proxy).'),
  tokenUrl: host.optional().describe('Another address for Login with Amazon tokens.'),
  signRequests: z
    .boolean()
    .default(false)
    .describe('Sign requests with AWS Signature V4. Amazon has not asked for it since October 2023.'),
  notifications: z
    .strictObject({
      queueUrl: z.url().describe('URL of the SQS queue that receives ORDER_CHANGE.'),
      awsRegion: z.string().describe('AWS region of the queue.'),
      queueArn: z
        .string()
        .regex(
          /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+$/,
          'As shown in the AWS console: arn:aws:sqs:us-east-1:123456789012:orders.',
        )
        .optional()
        .describe(
          'ARN of the queue: Crossdock then subscribes it to ORDER_CHANGE by itself. Empty: you did.',
        ),
      endpoint: host.optional().describe('Another SQS endpoint (simulator).'),
    })
    .optional()
    .describe('Order notices through Amazon SQS; without them orders are found by searching.'),
  applicationId: z
    .string()
    .regex(/^amzn1\.sp\.solution\.[\w-]+$/, 'Begins with amzn1.sp.solution.')
    .optional()
    .describe('Id of the application, for authorising it by Seller Central’s page.'),
  applicationDraft: z.boolean().default(false).describe('The application is still a draft at Amazon.'),
  sellerCentralUrl: host.optional().describe('Another host for Seller Central (simulator).'),
  applicationName: z
    .string()
    .regex(/^[\w.-]{1,40}$/)
    .default('Crossdock')
    .describe('Name in the user agent that Amazon asks for.'),
});

export const amazonSecrets = z.strictObject({
  clientId: z.string().min(1).describe('LWA client id of the application.'),
  clientSecret: z.string().min(1).describe('LWA client secret of the application.'),
  refreshToken: z.string().min(1).describe('Refresh token of the seller’s authorisation.'),
  awsAccessKeyId: z.string().optional().describe('AWS access key, for the queue or for signed requests.'),
  awsSecretAccessKey: z.string().optional().describe('AWS secret key.'),
});

export type AmazonSettings = z.infer<typeof amazonSettings>;
export type AmazonSecrets = z.infer<typeof amazonSecrets>;
