// Who comes in, and as whom?
import { z } from 'zod';

export const health = z.object({ ok: z.literal(true) });
export const entrance = z.object({
  needsOwner: z.boolean().describe('True until the first owner has made an account with the one-time link.'),
  demo: z.boolean().describe('True while the simulated world runs.'),
});
export type Entrance = z.infer<typeof entrance>;

export const scope = z.enum(['read', 'write', 'edit', 'approve', 'admin', 'personal']);
export const me = z.object({
  name: z.string(),
  scopes: z.array(z.string()),
  csrf: z.string().nullable().describe('Sent back as x-csrf with every change a browser session makes.'),
  demo: z.boolean(),
  seesPersonal: z.boolean(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  locale: z.string().nullable(),
  hasFactor: z.boolean(),
  needsFactor: z.boolean().describe('A second factor must be set up before anything else.'),
});
export type Me = z.infer<typeof me>;

export const signedIn = z.object({ csrf: z.string() });

export const credentials = z.object({
  email: z.email(),
  password: z.string().min(1).max(200),
  code: z.string().max(20).optional().describe('Of the second factor, where there is one.'),
});
const newPassword = z.string().min(12, 'needs at least 12 characters').max(200);
export const ownerInput = credentials.extend({
  link: z.string().min(10).max(100),
  name: z.string().min(1).max(100),
  password: newPassword,
});
