// Who are the people of this house, what may each do, and what does one keep for oneself?
import { z } from 'zod';
import { moment, number } from './common.ts';

export const role = z.enum(['owner', 'administrator', 'operator', 'viewer']);
export type Role = z.infer<typeof role>;
export const rights = z.object({
  seesPersonal: z.boolean().describe('May see buyers’ names and addresses; every look is written down.'),
  editsDocuments: z.boolean().describe('May correct a parked document and retry it with the edited copy.'),
  approvesPostings: z.boolean().describe('May approve what is posted to the books.'),
});
export type Rights = z.infer<typeof rights>;

export const person = rights.extend({
  id: number,
  email: z.string(),
  name: z.string(),
  role,
  locale: z.string(),
  hasFactor: z.boolean(),
  factorSince: moment.nullable(),
  lockedUntil: moment.nullable(),
  disabledAt: moment.nullable(),
  lastSeenAt: moment.nullable(),
  passwordChangedAt: moment.nullable(),
  createdAt: moment,
  sessions: z.number().int(),
});
export type Person = z.infer<typeof person>;
export const invitation = z.object({
  email: z.string(),
  name: z.string(),
  role,
  createdBy: z.string(),
  expiresAt: moment,
});
export type Invitation = z.infer<typeof invitation>;
export const people = z.object({
  items: z.array(person),
  next: z.null(),
  invitations: z.array(invitation),
  requireFactor: z.boolean().describe('Nobody may do anything without a second factor.'),
});
export type People = z.infer<typeof people>;
export const names = z.object({ items: z.array(z.string()), next: z.null() });

export const invitationInput = rights.partial().extend({
  email: z.email().max(200),
  name: z.string().min(1).max(100),
  role,
});
export const personChange = rights.partial().extend({
  role: role.optional(),
  name: z.string().min(1).max(100).optional(),
  disabled: z.boolean().optional(),
  /** A lost phone: the person signs in by password alone and sets up a new one. */
  removeFactor: z.literal(true).optional(),
});
export const oneTimeLink = z.object({
  url: z.string().describe('Shown once: whoever has it can use it, once.'),
  expiresAt: moment,
  mailed: z.boolean(),
});
export type OneTimeLink = z.infer<typeof oneTimeLink>;
export const policy = z.object({ requireFactor: z.boolean() });

export const linkInfo = z.object({
  purpose: z.enum(['owner', 'invite', 'reset']),
  email: z.string().nullable(),
  name: z.string().nullable(),
});
export type LinkInfo = z.infer<typeof linkInfo>;

export const ownSession = z.object({
  id: number,
  agent: z.string(),
  createdAt: moment,
  seenAt: moment,
  expiresAt: moment,
  current: z.boolean(),
});
export type OwnSession = z.infer<typeof ownSession>;
export const ownSessions = z.object({ items: z.array(ownSession), next: z.null() });
export const passwordChange = z.object({
  current: z.string().min(1).max(200),
  password: z.string().min(12, 'needs at least 12 characters').max(200),
});
export const ownChange = z.object({
  name: z.string().min(1).max(100).optional(),
  locale: z.enum(['en', 'fr']).optional(),
});
export const factorOffer = z.object({
  secret: z.string().describe('To type into the app by hand.'),
  uri: z.string().describe('What the app reads as a QR code.'),
});
export type FactorOffer = z.infer<typeof factorOffer>;
export const factorProof = z.object({ code: z.string().min(6).max(10) });
export const recoveryCodes = z.object({ codes: z.array(z.string()) });
export const passwordProof = z.object({ password: z.string().min(1).max(200) });

export const personalKept = z.object({
  connections: z.array(
    z.object({
      connectionId: z.string(),
      documents: z.string(),
      oldest: moment.nullable(),
      nextExpiry: moment.nullable(),
      lastExpiry: moment.nullable(),
    }),
  ),
  views: z.array(z.object({ at: moment, actor: z.string(), subject: z.string() })),
});
export type PersonalKept = z.infer<typeof personalKept>;
export const erasure = z.object({ orderId: z.string().min(3).max(60) });
export const erased = z.object({ documents: z.number().int() });
